import { readOperation, writeOperation } from '../database/operation.ts';
import { preparePriceRow } from './price-store.ts';
import { DAY_MS } from './rollup-cubes.ts';
import { NOTHING_USED, OF_NO_TASK, prepareUsageRecord, usageRow } from './usage-record.ts';

/** People whose storage is metered in one transaction. */
const PAGE = 500;
const MIB_SECOND = 1_048_576n * 1_000n;
/** A clock that jumped by years is nobody's storage. */
const LONGEST_MS = 62 * DAY_MS;

/** Of whom something is stored, after that one; null `next`: these were the last. */
export const readStorers = readOperation('accounting.read-storers', (db) => {
	const select = db
		.prepare(`SELECT owner_seq FROM storage_use WHERE owner_seq > ? ORDER BY owner_seq LIMIT ${PAGE}`)
		.pluck();
	return ({ after }: { after: number }): { people: number[]; next: number | null } => {
		const people = select.all(after) as number[];
		return { people, next: people.length < PAGE ? null : people.at(-1)! };
	};
});

/** Somebody, and the service class that counts now. */
export type InClass = readonly [ownerSeq: number, serviceClass: string];

/**
 * Meters what these people's files took since they were metered last, by what they take now. Up to when it is metered is
 * written with it, so that a kill neither leaves out a time nor counts it twice.
 */
export const meterStorage = writeOperation('accounting.meter-storage', (db) => {
	const used = db.prepare(
		`SELECT u.bytes, m.metered_at AS since, m.rest FROM storage_use u LEFT JOIN storage_metering m USING (owner_seq)
		 WHERE u.owner_seq = ?`,
	);
	const note = db.prepare(
		`INSERT INTO storage_metering VALUES (@ownerSeq, @now, @rest)
		 ON CONFLICT DO UPDATE SET metered_at = excluded.metered_at, rest = excluded.rest`,
	);
	const insert = prepareUsageRecord(db);
	const price = preparePriceRow(db);
	return ({ now, people }: { now: number; people: readonly InClass[] }): void => {
		for (const [ownerSeq, serviceClass] of people) {
			const use = used.get(ownerSeq) as { bytes: number; since: number | null; rest: number | null } | undefined;
			// Deleted meanwhile.
			if (!use) continue;
			const { bytes, since, rest } = use;
			const ms = since === null ? 0 : Math.min(now - since, LONGEST_MS);
			// A clock that was set back: nothing is metered until it has caught up.
			if (ms < 0) continue;
			const whole = BigInt(bytes) * BigInt(ms) + BigInt(rest ?? 0);
			const storedMibS = Number(whole / MIB_SECOND);
			note.run({ ownerSeq, now, rest: Number(whole % MIB_SECOND) });
			if (storedMibS === 0) continue;
			const stored = { at: now, ownerSeq, serviceClass, kind: 'storage', storedMibS } as const;
			insert(price(usageRow({ ...NOTHING_USED, ...OF_NO_TASK, ...stored })));
		}
	};
});

/** Meters how often people asked for something. */
export const meterRequests = writeOperation('accounting.meter-requests', (db) => {
	const insert = prepareUsageRecord(db);
	const price = preparePriceRow(db);
	return ({ now, counts }: { now: number; counts: readonly (readonly [...InClass, requests: number])[] }): void => {
		for (const [ownerSeq, serviceClass, requests] of counts) {
			const asked = { at: now, ownerSeq, serviceClass, kind: 'requests', requests } as const;
			insert(price(usageRow({ ...NOTHING_USED, ...OF_NO_TASK, ...asked })));
		}
	};
});

export const METER_OPERATIONS = [readStorers, meterStorage, meterRequests];
