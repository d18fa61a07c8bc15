import { CodedError } from '../../shared/coded-error.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { type NewTask, prepareExcess, prepareSubmit, type QueuedCap, type Submitted } from '../queue/submit-store.ts';
import { prepareSourceStart } from '../source-runs/start-store.ts';
import { PAUSED_WITH_SOURCE, prepareStopSource } from '../source-runs/stop-store.ts';
import { prepareFindSource } from './find-store.ts';

/** Pausing what is stopped gives it the newer reason. Answers the seqs of schedules that were paused with it. */
export const pauseSource = writeOperation('sources.pause', (db) => {
	const find = prepareFindSource(db);
	const stop = prepareStopSource(db);
	return ({ id, reason, by, now }: { id: string; reason: string | null; by: Doer; now: number }): number[] => {
		const source = find(id);
		if (source.state === 'stopped' && reason === null) return [];
		const why = reason ?? 'It was paused; it goes on when it is resumed.';
		return stop({ seq: source.seq, reason: why, tell: false, by, now });
	};
});

/** A schedule that was paused with its source, and is to go on with it. */
export interface Resumed {
	seq: number;
	version: number;
	nextAt: number;
}

/** Schedules that were paused with their source. */
export const readPausedWith = readOperation('sources.read-paused-with', (db) => {
	const select = db
		.prepare(
			`SELECT seq FROM schedules WHERE wish ->> '$.source' = ? AND state = 'paused'
			 AND substr(reason, 1, ${PAUSED_WITH_SOURCE.length}) = '${PAUSED_WITH_SOURCE}'`,
		)
		.pluck();
	return (id: string) => select.all(id) as number[];
});

/** Lets it go on, and its schedules from their next time on; those that were changed meanwhile stay as they are. */
export const resumeSource = writeOperation('sources.resume', (db) => {
	const find = prepareFindSource(db);
	const resume = db.prepare(
		`UPDATE sources SET state = 'active', reason = NULL, version = version + 1, updated_at = ? WHERE seq = ?`,
	);
	const goOn = db.prepare(
		`UPDATE schedules SET state = 'active', reason = NULL, failures = 0, next_at = @nextAt, version = version + 1,
		   updated_at = @now WHERE seq = @seq AND version = @version AND state = 'paused'`,
	);
	const audit = prepareAudit(db);
	return (args: { id: string; schedules: readonly Resumed[]; by: Doer; now: number }): void => {
		const { id, schedules, by, now } = args;
		const { seq, state } = find(id);
		if (state === 'active') return;
		resume.run(now, seq);
		for (const schedule of schedules) goOn.run({ ...schedule, now });
		audit({ at: now, ...by, action: 'source.resume', object: id, outcome: 'done', detail: {} });
	};
});

/** Forgets where it was left. A run that is under way is late by that. */
export const resetSource = writeOperation('sources.reset', (db) => {
	const find = prepareFindSource(db);
	const reset = db.prepare(
		`UPDATE sources SET cursor = NULL, cursor_version = cursor_version + 1, version = version + 1, updated_at = ?
		 WHERE seq = ?`,
	);
	const audit = prepareAudit(db);
	return ({ id, confirm, by, now }: { id: string; confirm: string; by: Doer; now: number }): void => {
		const { seq, name } = find(id);
		if (confirm !== name) {
			throw new CodedError('confirmation-needed', `Repeat the source's name, ${name}, to let it begin anew.`);
		}
		reset.run(now, seq);
		audit({ at: now, ...by, action: 'source.reset', object: id, outcome: 'done', detail: { name } });
	};
});

/** A run that somebody asks for: what is to go into the line after the commit. Throws why it cannot begin. */
export const runSource = writeOperation('sources.run', (db) => {
	const begin = prepareSourceStart(db);
	const submit = prepareSubmit(db);
	const excess = prepareExcess(db);
	const audit = prepareAudit(db);
	return (args: {
		id: string;
		task: NewTask;
		cap: QueuedCap | null;
		by: Doer;
		now: number;
	}): { task: NewTask; submitted: Submitted[] } => {
		const { cap, by, now } = args;
		const tooMany = cap && excess(args.task.ownerSeq, [args.task], cap);
		if (tooMany) {
			const message = `The service class ${cap.serviceClass} lets ${cap.most} tasks wait at a time, and ${tooMany.pending} wait already.`;
			throw new CodedError('too-many-queued', message);
		}
		const { task, stored } = begin(args.task, now);
		const submitted = submit([task], now);
		stored(submitted[0]!.seq);
		audit({ at: now, ...by, action: 'source.run', object: args.id, outcome: 'done', detail: { task: task.id } });
		return { task, submitted };
	};
});

/** The task that is the source's run now; null when none is. */
export const readRunning = readOperation('sources.read-running', (db) => {
	const select = db
		.prepare(
			`SELECT t.id FROM source_runs r JOIN tasks t ON t.seq = r.task_seq
			 WHERE r.source_seq = ? AND r.state = 'open' AND t.finished_at IS NULL LIMIT 1`,
		)
		.pluck();
	return (seq: number): string | null => (select.get(seq) as string | undefined) ?? null;
});
