import type { Statement } from 'better-sqlite3';
import { isFinalTaskState, OPEN_TASK_STATES, type TaskState } from '../../shared/protocol/task.ts';
import { timeInId } from '../database/new-id.ts';
import { readOperation } from '../database/operation.ts';
import { nodeOf } from './node-of.ts';
import { TASK_COLUMNS, type TaskRow } from './task-row.ts';

/** Rows are taken in order of time, but for what a clock was set back meanwhile and what was committed together. */
const CLOCK_MS = 60_000;

/** Rows that are gone through for one page, by whatever it is narrowed down, however few of them fit. */
const LOOKED_THROUGH = 20_000;

const TROUBLED: ReadonlySet<TaskState> = new Set(['failed', 'quarantined', 'retrying']);

export interface TaskFilter {
	/** Null: everybody's. */
	ownerSeq: number | null;
	states: readonly TaskState[] | null;
	/** Only open tasks that somebody holds. */
	held: boolean;
	/** Sequence numbers of every version of a task type. */
	typeSeqs: readonly number[] | null;
	routingKeys: readonly string[] | null;
	fileSeq: number | null;
	jobSeq: number | null;
	/** Only those that wait for room in it. */
	budgetSeq: number | null;
	/** Ids of nodes that had a name. */
	nodes: readonly string[] | null;
	errorCode: string | null;
	/** Those too that were taken out of the quarantine. */
	withDiscarded: boolean;
	createdFrom: number | null;
	createdBefore: number | null;
	/** Newest first; only tasks before this one. */
	beforeSeq: number | null;
	/** What the page's first reading has answered, for those after it. */
	extent?: Extent;
	limit: number;
}

type WalkName = 'file' | 'job' | 'budget' | 'owner' | 'held' | 'troubled' | 'open' | 'all';

/** How a page is found, and how far it looks: rows before `floorSeq` are not looked at; null: there are none. */
export interface Extent {
	by: WalkName;
	floorSeq: number | null;
}

/** What a list goes through: the rows of an index, or all of them. */
interface Walk {
	/** Whether every row of it fits but for what a range of rows says; else somebody may look for long and find nothing. */
	isAll: (filter: TaskFilter) => boolean;
	select: Statement;
	/** Of the rows of one page the last one that is looked at, when there is one. */
	floor: Statement;
}

/** By what rows are narrowed down one by one, besides what the index of a walk knows. */
const isNarrowed = (
	filter: TaskFilter,
	known: Partial<TaskFilter>,
	knownStates: readonly TaskState[] | null,
): boolean => {
	const { withDiscarded, createdFrom, createdBefore, states } = filter;
	const { held, ownerSeq, typeSeqs, routingKeys, fileSeq, jobSeq, budgetSeq, nodes, errorCode } = {
		...filter,
		...known,
	};
	const ids = [ownerSeq, typeSeqs, routingKeys, fileSeq, jobSeq, budgetSeq, nodes];
	const named = [...ids, errorCode, createdFrom, createdBefore];
	const isOfState = states !== null && !knownStates?.every((state) => states.includes(state));
	return isOfState || held || !withDiscarded || named.some((value) => value !== null);
};

/**
 * Tasks, newest first. The filters are bound as JSON arrays, so that one statement serves all of them. However few rows
 * fit, only so many are looked at: `extent` tells where the next page begins then.
 */
export const listTasks = readOperation('queue.list-tasks', (db) => {
	const range = (seq: string) => `${seq} >= @fromSeq AND ${seq} < @beforeSeq`;
	const filters = (seq: string) => `(@states IS NULL OR t.state IN (SELECT value FROM json_each(@states)))
		AND (@typeSeqs IS NULL OR t.type_seq IN (SELECT value FROM json_each(@typeSeqs)))
		AND (@routingKeys IS NULL OR t.routing_key IN (SELECT value FROM json_each(@routingKeys)))
		AND (@jobSeq IS NULL OR t.job_seq = @jobSeq)
		AND (@budgetSeq IS NULL OR EXISTS (SELECT 1 FROM budget_waits WHERE task_seq = t.seq AND budget_seq = @budgetSeq))
		AND (@nodes IS NULL OR ${nodeOf('t')} IN (SELECT value FROM json_each(@nodes)))
		AND (@errorCode IS NULL OR t.error_code = @errorCode)
		AND (@withDiscarded OR t.discarded_at IS NULL)
		AND (@ownerSeq IS NULL OR t.owner_seq = @ownerSeq)
		AND (@fileSeq IS NULL OR t.file_seq = @fileSeq)
		AND (NOT @held OR t.held_at IS NOT NULL)
		AND (@createdFrom IS NULL OR t.created_at >= @createdFrom)
		AND (@createdBefore IS NULL OR t.created_at < @createdBefore)
		AND ${range(seq)} ORDER BY ${seq} DESC LIMIT @limit`;
	/** `where` is what an index knows, and `known` of the filter with it. */
	const walk = (
		where: string,
		known: Partial<TaskFilter>,
		states: readonly TaskState[] | null = null,
		{ from, seq } = { from: 'tasks t', seq: 't.seq' },
	): Walk => ({
		isAll: (filter) => !isNarrowed(filter, known, states),
		select: db.prepare(
			`SELECT ${TASK_COLUMNS} FROM ${from} JOIN users u ON u.seq = t.owner_seq WHERE ${where} AND ${filters(seq)}`,
		),
		floor: db
			.prepare(
				`SELECT ${seq} FROM ${from} WHERE ${where} AND ${range(seq)}
				 ORDER BY ${seq} DESC LIMIT 1 OFFSET ${LOOKED_THROUGH - 1}`,
			)
			.pluck(),
	});
	const all: Walk = {
		...walk('TRUE', {}),
		// By arithmetic: no index has all rows, and counting so many of the table itself would read all that they hold.
		floor: db
			.prepare(
				`SELECT max(l.seq) FROM tasks l WHERE l.seq >= @fromSeq
				 AND l.seq <= (SELECT max(t.seq) FROM tasks t WHERE ${range('t.seq')}) - ${LOOKED_THROUGH - 1}`,
			)
			.pluck(),
	};
	const ofOwner = walk('t.owner_seq = @ownerSeq', { ownerSeq: null });
	const ofFile = walk('t.file_seq = @fileSeq', { fileSeq: null });
	const ofJob = walk('t.job_seq = @jobSeq', { jobSeq: null });
	const ofBudget = walk('w.budget_seq = @budgetSeq', { budgetSeq: null }, OPEN_TASK_STATES, {
		...{ from: 'budget_waits w CROSS JOIN tasks t ON t.seq = w.task_seq', seq: 'w.task_seq' },
	});
	// Open tasks are few beside all that ever were: their own index, not a walk over the past.
	const open = walk('t.finished_at IS NULL', {}, OPEN_TASK_STATES);
	// So are those that are held.
	const held = walk('t.held_at IS NOT NULL AND t.finished_at IS NULL', { held: false }, OPEN_TASK_STATES);
	// And those that need a look.
	const troubled = walk(`t.state IN ('failed', 'quarantined', 'retrying')`, {}, [...TROUBLED]);
	const seqFrom = db.prepare('SELECT seq FROM tasks WHERE id >= ? ORDER BY id LIMIT 1').pluck();
	/** The row of the first task from then on: ids are in order of time, so that no walk over the past is needed. */
	const rowAt = (at: number) => seqFrom.get(`tsk_${timeInId(at)}`) as number | undefined;
	const walks: Record<WalkName, Walk> = {
		file: ofFile,
		job: ofJob,
		budget: ofBudget,
		owner: ofOwner,
		held,
		troubled,
		open,
		all,
	};
	return (filter: TaskFilter): { rows: TaskRow[]; extent: Extent } => {
		const json = (value: readonly unknown[] | null) => (value === null ? null : JSON.stringify(value));
		const isOnly = (all: (state: TaskState) => boolean) => filter.states?.every(all) ?? false;
		const { createdFrom, createdBefore, extent } = filter;
		const args = {
			ownerSeq: filter.ownerSeq,
			fileSeq: filter.fileSeq,
			jobSeq: filter.jobSeq,
			budgetSeq: filter.budgetSeq,
			states: json(filter.states),
			typeSeqs: json(filter.typeSeqs),
			routingKeys: json(filter.routingKeys),
			nodes: json(filter.nodes),
			errorCode: filter.errorCode,
			withDiscarded: filter.withDiscarded ? 1 : 0,
			held: filter.held ? 1 : 0,
			createdFrom,
			createdBefore,
			fromSeq: createdFrom === null ? 0 : (rowAt(createdFrom - CLOCK_MS) ?? Number.MAX_SAFE_INTEGER),
			beforeSeq: Math.min(
				filter.beforeSeq ?? Number.MAX_SAFE_INTEGER,
				(createdBefore === null ? undefined : rowAt(createdBefore + CLOCK_MS)) ?? Number.MAX_SAFE_INTEGER,
			),
			limit: filter.limit,
		};
		const extentOf = (by: WalkName): Extent => {
			const { isAll, floor } = walks[by];
			return { by, floorSeq: isAll(filter) ? null : ((floor.get(args) as number | null | undefined) ?? null) };
		};
		const choose = (): Extent => {
			const could: WalkName[] = [
				...(filter.fileSeq === null ? [] : (['file'] as const)),
				...(filter.jobSeq === null ? [] : (['job'] as const)),
				...(filter.budgetSeq === null ? [] : (['budget'] as const)),
				...(filter.ownerSeq === null ? [] : (['owner'] as const)),
				...(filter.held ? (['held'] as const) : []),
				...(isOnly((state) => TROUBLED.has(state)) ? (['troubled'] as const) : []),
				...(isOnly((state) => !isFinalTaskState(state)) ? (['open'] as const) : []),
			];
			let first: Extent | null = null;
			for (const by of could) {
				const each = extentOf(by);
				// One that comes to its end is better than one that is left off: of an owner of many tasks few may be open.
				if (each.floorSeq === null) return each;
				first ??= each;
			}
			return first ?? extentOf('all');
		};
		const chosen = extent ?? choose();
		const rows = walks[chosen.by].select.all({ ...args, fromSeq: chosen.floorSeq ?? args.fromSeq }) as TaskRow[];
		return { rows, extent: chosen };
	};
});
