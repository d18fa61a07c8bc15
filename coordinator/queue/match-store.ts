import type { TaskState } from '../../shared/protocol/task.ts';
import { readOperation } from '../database/operation.ts';
import { nodeOf } from './node-of.ts';

/** Rows that one reading looks at, however few of them fit. */
const SCANNED_AT_ONCE = 20_000;

/** Which tasks a reading looks at: by what index. */
export type ScanBase = 'open' | 'troubled' | 'owner' | 'file' | 'job' | 'all';

export interface ScanArgs {
	base: ScanBase;
	afterSeq: number;
	/** Newer ones came after the scan began and do not belong to it. */
	mostSeq: number;
	states: readonly TaskState[];
	typeSeqs: readonly number[] | null;
	ownerSeq: number | null;
	/** Only tasks of this job. */
	jobSeq: number | null;
	/** Only those that wait for room in it. */
	budgetSeq: number | null;
	/** Only those whose first input it is. */
	fileSeq: number | null;
	/** Ids of nodes that had a name. */
	nodes: readonly string[] | null;
	errorCode: string | null;
	createdBefore: number | null;
	createdFrom: number | null;
	/** Only those that are held, or boosted. */
	only: 'held' | 'boosted' | null;
}

export type ScannedRow = [seq: number, routingKey: string, ownerSeq: number, serviceClass: string | null];

const BASES: Record<ScanBase, string> = {
	open: 'finished_at IS NULL',
	troubled: `state IN ('failed', 'quarantined', 'retrying')`,
	owner: 'owner_seq = @ownerSeq',
	file: 'file_seq = @fileSeq',
	job: 'job_seq = @jobSeq',
	all: 'TRUE',
};

/** The next tasks that fit, in order of their rows; `nextSeq` is where the following reading begins, or null at the end. */
export const scanTasks = readOperation('queue.scan-tasks', (db) => {
	const bases = Object.entries(BASES).map(([base, where]) => {
		const end = db
			.prepare(
				`SELECT seq FROM tasks WHERE ${where} AND seq > @afterSeq AND seq <= @mostSeq
				 ORDER BY seq LIMIT 1 OFFSET ${SCANNED_AT_ONCE - 1}`,
			)
			.pluck();
		const select = db
			.prepare(
				`SELECT seq, routing_key, owner_seq, service_class FROM tasks
				 WHERE ${where} AND seq > @afterSeq AND seq <= @lastSeq
				   AND state IN (SELECT value FROM json_each(@states))
				   AND (@typeSeqs IS NULL OR type_seq IN (SELECT value FROM json_each(@typeSeqs)))
				   AND (@ownerSeq IS NULL OR owner_seq = @ownerSeq)
				   AND (@jobSeq IS NULL OR job_seq = @jobSeq)
				   AND (@budgetSeq IS NULL
				     OR EXISTS (SELECT 1 FROM budget_waits WHERE task_seq = tasks.seq AND budget_seq = @budgetSeq))
				   AND (@fileSeq IS NULL OR file_seq = @fileSeq)
				   AND (@nodes IS NULL OR ${nodeOf('tasks')} IN (SELECT value FROM json_each(@nodes)))
				   AND (@errorCode IS NULL OR error_code = @errorCode)
				   AND (@createdBefore IS NULL OR created_at < @createdBefore)
				   AND (@createdFrom IS NULL OR created_at >= @createdFrom)
				   AND (@only IS NULL OR (@only = 'held' AND held_at IS NOT NULL) OR (@only = 'boosted' AND boosted_at IS NOT NULL))
				 ORDER BY seq`,
			)
			.raw();
		return [base, { end, select }] as const;
	});
	const byBase = new Map<string, (typeof bases)[number][1]>(bases);
	return (args: ScanArgs): { rows: ScannedRow[]; nextSeq: number | null } => {
		const { end, select } = byBase.get(args.base)!;
		const { afterSeq, mostSeq, ownerSeq, jobSeq, fileSeq } = args;
		const known: Partial<Record<ScanBase, object>> = { owner: { ownerSeq }, job: { jobSeq }, file: { fileSeq } };
		const of = known[args.base] ?? {};
		const last = end.get({ afterSeq, mostSeq, ...of }) as number | undefined;
		const rows = select.all({
			...{ afterSeq, ownerSeq, jobSeq, fileSeq },
			budgetSeq: args.budgetSeq,
			nodes: args.nodes && JSON.stringify(args.nodes),
			lastSeq: last ?? mostSeq,
			states: JSON.stringify(args.states),
			typeSeqs: args.typeSeqs && JSON.stringify(args.typeSeqs),
			errorCode: args.errorCode,
			createdBefore: args.createdBefore,
			createdFrom: args.createdFrom,
			only: args.only,
		}) as ScannedRow[];
		return { rows, nextSeq: last ?? null };
	};
});

/** The newest task's row, 0 when there is none. */
export const newestTask = readOperation('queue.newest-task', (db) => {
	const select = db.prepare('SELECT coalesce(max(seq), 0) FROM tasks').pluck();
	return (_: null) => select.get() as number;
});

/** Rows of these tasks, in the same order; null for one that does not exist. */
export const findTaskSeqs = readOperation('queue.find-task-seqs', (db) => {
	const select = db.prepare('SELECT seq FROM tasks WHERE id = ?').pluck();
	return (ids: readonly string[]) => ids.map((id) => (select.get(id) as number | undefined) ?? null);
});
