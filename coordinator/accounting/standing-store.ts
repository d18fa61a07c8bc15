import { CodedError } from '../../shared/coded-error.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { writeOperation } from '../database/operation.ts';
import { preparePriceRow } from './price-store.ts';
import { DAY_MS } from './rollup-cubes.ts';
import { NOTHING_USED, OF_NO_TASK, prepareUsageRecord, usageRow } from './usage-record.ts';

/** People whose storage is metered in one transaction. */
const PAGE = 500;
const MIB_SECOND = 1_048_576n * 1_000n;
/** A clock that jumped by years is nobody's storage. */
const LONGEST_MS = 62 * DAY_MS;

/**
 * Meters what the files of the next people took since they were metered last, by what they take now. Up to when it is
 * metered is written with it, so that a kill neither leaves out a time nor counts it twice. Null: these were the last.
 */
export const meterStorage = writeOperation('accounting.meter-storage', (db) => {
	const page = db.prepare(
		`SELECT u.owner_seq AS ownerSeq, u.bytes, m.metered_at AS since, m.rest
		 FROM storage_use u LEFT JOIN storage_metering m USING (owner_seq)
		 WHERE u.owner_seq > ? ORDER BY u.owner_seq LIMIT ${PAGE}`,
	);
	const note = db.prepare(
		`INSERT INTO storage_metering VALUES (@ownerSeq, @now, @rest)
		 ON CONFLICT DO UPDATE SET metered_at = excluded.metered_at, rest = excluded.rest`,
	);
	const insert = prepareUsageRecord(db);
	const price = preparePriceRow(db);
	return ({ now, after }: { now: number; after: number }): number | null => {
		const people = page.all(after) as { ownerSeq: number; bytes: number; since: number | null; rest: number | null }[];
		for (const { ownerSeq, bytes, since, rest } of people) {
			const ms = since === null ? 0 : Math.min(now - since, LONGEST_MS);
			// A clock that was set back: nothing is metered until it has caught up.
			if (ms < 0) continue;
			const whole = BigInt(bytes) * BigInt(ms) + BigInt(rest ?? 0);
			const storedMibS = Number(whole / MIB_SECOND);
			note.run({ ownerSeq, now, rest: Number(whole % MIB_SECOND) });
			if (storedMibS === 0) continue;
			insert(price(usageRow({ ...NOTHING_USED, ...OF_NO_TASK, at: now, ownerSeq, kind: 'storage', storedMibS })));
		}
		return people.length < PAGE ? null : people.at(-1)!.ownerSeq;
	};
});

/** Meters how often people asked for something. */
export const meterRequests = writeOperation('accounting.meter-requests', (db) => {
	const insert = prepareUsageRecord(db);
	const price = preparePriceRow(db);
	return ({
		now,
		counts,
	}: {
		now: number;
		counts: readonly (readonly [ownerSeq: number, requests: number])[];
	}): void => {
		for (const [ownerSeq, requests] of counts) {
			insert(price(usageRow({ ...NOTHING_USED, ...OF_NO_TASK, at: now, ownerSeq, kind: 'requests', requests })));
		}
	};
});

/** Adds or takes away from what somebody owes; gives the record's number. Throws `not-found`. */
export const addCorrection = writeOperation('accounting.add-correction', (db) => {
	const person = db.prepare('SELECT seq FROM users WHERE id = ?').pluck();
	const insert = prepareUsageRecord(db);
	const note = db.prepare('INSERT INTO usage_corrections VALUES (@seq, @ownerSeq, @now, @amountMicro, @reason)');
	const audit = prepareAudit(db);
	return (args: { owner: string; amountMicro: number; reason: string; by: Doer; now: number }): number => {
		const { owner, amountMicro, reason, by, now } = args;
		const ownerSeq = person.get(owner) as number | undefined;
		if (ownerSeq === undefined) throw new CodedError('not-found', `There is no user ${owner}.`);
		const seq = insert(
			usageRow({ ...NOTHING_USED, ...OF_NO_TASK, at: now, ownerSeq, kind: 'correction', amountMicro }),
		);
		note.run({ seq, ownerSeq, now, amountMicro, reason });
		audit({
			...{ at: now, ...by, action: 'usage.correct', object: owner, outcome: 'done' },
			detail: { record: seq, amountMicro, reason },
		});
		return seq;
	};
});

export const STANDING_OPERATIONS = [meterStorage, meterRequests, addCorrection];
