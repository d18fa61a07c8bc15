import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { nameKey } from '../../shared/name-key.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { requireVersion, type VersionCondition } from '../qos/version-condition.ts';
import { prepareAnswers } from '../queue/answer-store.ts';
import type { Idempotency } from '../queue/idempotency.ts';
import { prepareRequireNamed } from './named-store.ts';
import { SCHEDULE_COLUMNS, type ScheduleRow } from './schedule-row.ts';

/** One person's. */
const MOST_SCHEDULES = 200;

const FROM = `SELECT ${SCHEDULE_COLUMNS} FROM schedules s JOIN users u ON u.seq = s.owner_seq`;

/** The schedule of this id. Throws `not-found`. */
export const prepareFindSchedule = (db: Database): ((id: string) => ScheduleRow) => {
	const find = db.prepare(`${FROM} WHERE s.id = ?`);
	return (id) => {
		const row = find.get(id) as ScheduleRow | undefined;
		if (!row) throw new CodedError('not-found', `There is no schedule ${id}.`);
		return row;
	};
};

export const readSchedule = readOperation('schedules.read', prepareFindSchedule);

/** By number, those that are still there. */
export const readSchedules = readOperation('schedules.read-many', (db) => {
	const find = db.prepare(`${FROM} WHERE s.seq = ?`);
	return (seqs: readonly number[]) =>
		seqs.flatMap((seq) => (find.get(seq) as ScheduleRow | undefined) ?? []) as ScheduleRow[];
});

/** Those that wait for a time, in pages by number. */
export const readActiveSchedules = readOperation('schedules.read-active', (db) => {
	const select = db.prepare(`${FROM} WHERE s.state = 'active' AND s.seq > ? ORDER BY s.seq LIMIT ?`);
	return (args: { after: number; limit: number }) => select.all(args.after, args.limit) as ScheduleRow[];
});

/** What of a schedule people decide. */
export type ScheduleFields = Pick<
	ScheduleRow,
	'name' | 'cron' | 'everyMs' | 'anchorAt' | 'timeZone' | 'wish' | 'misfire' | 'overlap' | 'pauseAfter'
>;

const prepareNameCheck = (db: Database) => {
	const holder = db.prepare('SELECT seq FROM schedules WHERE owner_seq = ? AND name_key = ?').pluck();
	return (ownerSeq: number, name: string, own: number | null): void => {
		const seq = holder.get(ownerSeq, nameKey(name)) as number | undefined;
		if (seq !== undefined && seq !== own) throw new CodedError('name-taken', `There is a schedule ${name} already.`);
	};
};

const auditedFields = (fields: ScheduleFields) => ({
	name: fields.name,
	...(fields.cron === null ? { every: fields.everyMs } : { cron: fields.cron, timeZone: fields.timeZone }),
	...{ misfire: fields.misfire, overlap: fields.overlap, pauseAfter: fields.pauseAfter },
});

/** Makes one inside somebody's transaction. A repeat with the same idempotency key answers with the first one and makes nothing. */
export const prepareAddSchedule = (db: Database) => {
	const find = prepareFindSchedule(db);
	const checkName = prepareNameCheck(db);
	const requireNamed = prepareRequireNamed(db);
	const count = db.prepare('SELECT count(*) FROM schedules WHERE owner_seq = ?').pluck();
	const insert = db.prepare(
		`INSERT INTO schedules (id, owner_seq, name, name_key, cron, every_ms, anchor_at, time_zone, wish, misfire, overlap,
		                        pause_after, state, next_at, created_at, updated_at)
		 VALUES (@id, @ownerSeq, @name, @nameKey, @cron, @everyMs, @anchorAt, @timeZone, @wish, @misfire, @overlap,
		         @pauseAfter, iif(@nextAt IS NULL, 'paused', 'active'), @nextAt, @now, @now)`,
	);
	const answers = prepareAnswers(db);
	const audit = prepareAudit(db);
	return (args: {
		id: string;
		ownerSeq: number;
		fields: ScheduleFields;
		/** Null: it is paused from the beginning. */
		nextAt: number | null;
		idempotency: Idempotency | null;
		by: Doer;
		now: number;
	}): { row: ScheduleRow; created: boolean } => {
		const { id, ownerSeq, fields, nextAt, idempotency, by, now } = args;
		const [before] = answers.find(ownerSeq, idempotency) ?? [];
		if (before !== undefined) return { row: find(before), created: false };
		checkName(ownerSeq, fields.name, null);
		if ((count.get(ownerSeq) as number) >= MOST_SCHEDULES) {
			throw new CodedError('too-many-things', `You have ${MOST_SCHEDULES} schedules; delete one first.`);
		}
		requireNamed(ownerSeq, fields.wish);
		insert.run({ id, ownerSeq, ...fields, nameKey: nameKey(fields.name), nextAt, now });
		answers.remember(ownerSeq, idempotency, [id], now);
		audit({ at: now, ...by, action: 'schedule.create', object: id, outcome: 'done', detail: auditedFields(fields) });
		return { row: find(id), created: true };
	};
};

export const addSchedule = writeOperation('schedules.add', prepareAddSchedule);

/** Makes it what it is to be. `nextAt` counts only while it is active. */
export const changeSchedule = writeOperation('schedules.change', (db) => {
	const find = prepareFindSchedule(db);
	const checkName = prepareNameCheck(db);
	const requireNamed = prepareRequireNamed(db);
	const change = db.prepare(
		`UPDATE schedules SET name = @name, name_key = @nameKey, cron = @cron, every_ms = @everyMs, anchor_at = @anchorAt,
		   time_zone = @timeZone, wish = @wish, misfire = @misfire, overlap = @overlap, pause_after = @pauseAfter,
		   next_at = iif(state = 'active', @nextAt, NULL), version = version + 1, updated_at = @now
		 WHERE seq = @seq`,
	);
	const audit = prepareAudit(db);
	return (args: {
		id: string;
		fields: ScheduleFields;
		nextAt: number;
		condition: VersionCondition;
		by: Doer;
		now: number;
	}): ScheduleRow => {
		const { id, fields, nextAt, condition, by, now } = args;
		const before = find(id);
		const { seq, ownerSeq, version } = before;
		requireVersion(condition, version);
		checkName(ownerSeq, fields.name, seq);
		requireNamed(ownerSeq, fields.wish);
		change.run({ seq, ...fields, nameKey: nameKey(fields.name), nextAt, now });
		const detail = { ...auditedFields(fields), before: auditedFields(before) };
		audit({ at: now, ...by, action: 'schedule.change', object: id, outcome: 'done', detail });
		return find(id);
	};
});

/** Its runs go with it; jobs that it began stay. */
export const deleteSchedule = writeOperation('schedules.delete', (db) => {
	const find = prepareFindSchedule(db);
	const remove = db.prepare('DELETE FROM schedules WHERE seq = ?');
	const audit = prepareAudit(db);
	return (args: { id: string; condition: VersionCondition; by: Doer; now: number }): ScheduleRow => {
		const row = find(args.id);
		requireVersion(args.condition, row.version);
		remove.run(row.seq);
		const detail = { name: row.name };
		audit({ at: args.now, ...args.by, action: 'schedule.delete', object: args.id, outcome: 'done', detail });
		return row;
	};
});

/** Pauses it inside somebody's transaction; runs that wait for the one before them are given up. */
export const preparePause = (db: Database): ((seq: number, reason: string | null, now: number) => void) => {
	const pause = db.prepare(
		`UPDATE schedules SET state = 'paused', reason = ?, next_at = NULL, version = version + 1, updated_at = ? WHERE seq = ?`,
	);
	const giveUp = db.prepare(
		`UPDATE schedule_runs SET outcome = 'skipped', reason = 'The schedule was paused before its turn came.'
		 WHERE schedule_seq = ? AND outcome = 'queued'`,
	);
	return (seq, reason, now) => {
		pause.run(reason, now, seq);
		giveUp.run(seq);
	};
};

/** Pausing what is paused gives it the newer reason. */
export const pauseSchedule = writeOperation('schedules.pause', (db) => {
	const find = prepareFindSchedule(db);
	const pause = preparePause(db);
	const audit = prepareAudit(db);
	return (args: { id: string; reason: string | null; by: Doer; now: number }): ScheduleRow => {
		const { id, reason, by, now } = args;
		const before = find(id);
		if (before.state === 'paused' && (reason === null || reason === before.reason)) return before;
		pause(before.seq, reason, now);
		audit({ at: now, ...by, action: 'schedule.pause', object: id, outcome: 'done', detail: { reason } });
		return find(id);
	};
});

/** Nothing is caught up on; failures are counted anew. Resuming what is active changes nothing. */
export const resumeSchedule = writeOperation('schedules.resume', (db) => {
	const find = prepareFindSchedule(db);
	const resume = db.prepare(
		`UPDATE schedules SET state = 'active', reason = NULL, failures = 0, next_at = ?, version = version + 1, updated_at = ?
		 WHERE seq = ?`,
	);
	const audit = prepareAudit(db);
	return (args: { id: string; version: number; nextAt: number; by: Doer; now: number }): ScheduleRow => {
		const { id, version, nextAt, by, now } = args;
		const before = find(id);
		if (before.state === 'active') return before;
		// The time was worked out from what it was.
		if (before.version !== version) throw new CodedError('conflict', 'The schedule was changed just now; try again.');
		resume.run(nextAt, now, before.seq);
		audit({ at: now, ...by, action: 'schedule.resume', object: id, outcome: 'done', detail: {} });
		return find(id);
	};
});
