import { BUDGET_HOLDER } from '../../shared/protocol/budget.ts';
import type { FiledOutput } from '../../shared/protocol/result.ts';
import { type AttemptState, isFinalTaskState, type TaskState } from '../../shared/protocol/task.ts';
import { timeInId } from '../database/new-id.ts';
import { readOperation } from '../database/operation.ts';
import { prepareFilingsOf } from './filings-store.ts';
import { nodeOf } from './node-of.ts';
import { type MeteredUsage, meteredColumns } from './seen-usage.ts';
import { prepareReadOrigin, type TaskOrigin } from './task-origin-store.ts';

/** A row of `tasks` with its owner's public id. */
export interface TaskRow {
	seq: number;
	id: string;
	ownerSeq: number;
	owner: string;
	ownerName: string;
	typeSeq: number;
	state: TaskState;
	version: number;
	routingKey: string;
	priority: number;
	/** The service class asked for at submit. */
	askedClass: string | null;
	inputs: string;
	createdAt: number;
	dueAt: number | null;
	expiresAt: number | null;
	queuedAt: number | null;
	startedAt: number | null;
	finishedAt: number | null;
	blockers: number;
	failures: number;
	attempt: number;
	/** Where it runs, or ran last once it is over. */
	node: string | null;
	cancelAt: number | null;
	heldAt: number | null;
	/** Name of who holds it, and whether that is its owner. */
	heldBy: string | null;
	heldByOwner: 0 | 1;
	heldByBudget: 0 | 1;
	heldReason: string | null;
	boostedAt: number | null;
	errorCode: string | null;
	errorMessage: string | null;
	estimateMicro: number | null;
}

const COLUMNS = `t.seq, t.id, t.owner_seq AS ownerSeq, u.id AS owner, u.username AS ownerName, t.type_seq AS typeSeq, t.state, t.version,
	t.routing_key AS routingKey, t.priority, t.service_class AS askedClass, t.inputs, t.created_at AS createdAt, t.due_at AS dueAt,
	t.expires_at AS expiresAt, t.queued_at AS queuedAt, t.started_at AS startedAt, t.finished_at AS finishedAt,
	t.blockers, t.failures, t.attempt, t.cancel_at AS cancelAt, t.held_at AS heldAt,
	t.held_reason AS heldReason, t.boosted_at AS boostedAt, coalesce(t.held_by = u.id, 0) AS heldByOwner,
	coalesce(t.held_by = '${BUDGET_HOLDER}', 0) AS heldByBudget, t.estimate_micro AS estimateMicro,
	coalesce((SELECT username FROM users h WHERE h.id = t.held_by), t.held_by) AS heldBy, t.error_code AS errorCode,
	t.error_message AS errorMessage,
	${nodeOf('t')} AS node`;

/** Rows are taken in order of time, but for what a clock was set back meanwhile and what was committed together. */
const CLOCK_MS = 60_000;

/** Rows that one reading goes through for what no index knows, however few of them fit. */
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
	/** Ids of nodes that had a name. */
	nodes: readonly string[] | null;
	errorCode: string | null;
	/** Those too that were taken out of the quarantine. */
	withDiscarded: boolean;
	createdFrom: number | null;
	createdBefore: number | null;
	/** Newest first; only tasks before this one. */
	beforeSeq: number | null;
	limit: number;
}

/**
 * Tasks, newest first. The filters are bound as JSON arrays, so that one statement serves all of them. `floorSeq`: rows
 * before it were not looked at; null: there are none.
 */
export const listTasks = readOperation('queue.list-tasks', (db) => {
	const filters = `(@states IS NULL OR t.state IN (SELECT value FROM json_each(@states)))
		AND (@typeSeqs IS NULL OR t.type_seq IN (SELECT value FROM json_each(@typeSeqs)))
		AND (@routingKeys IS NULL OR t.routing_key IN (SELECT value FROM json_each(@routingKeys)))
		AND (@jobSeq IS NULL OR t.job_seq = @jobSeq)
		AND (@nodes IS NULL OR ${nodeOf('t')} IN (SELECT value FROM json_each(@nodes)))
		AND (@errorCode IS NULL OR t.error_code = @errorCode)
		AND (@withDiscarded OR t.discarded_at IS NULL)
		AND (@createdFrom IS NULL OR t.created_at >= @createdFrom)
		AND (@createdBefore IS NULL OR t.created_at < @createdBefore)
		AND t.seq >= @fromSeq AND t.seq < @beforeSeq ORDER BY t.seq DESC LIMIT @limit`;
	/** `where` is what an index knows; `more` narrows that. */
	const walk = (where: string, more = 'TRUE') => ({
		select: db.prepare(
			`SELECT ${COLUMNS} FROM tasks t JOIN users u ON u.seq = t.owner_seq WHERE ${where} AND ${more} AND ${filters}`,
		),
		floor: db
			.prepare(
				`SELECT t.seq FROM tasks t WHERE ${where} AND t.seq >= @fromSeq AND t.seq < @beforeSeq
				 ORDER BY t.seq DESC LIMIT 1 OFFSET ${LOOKED_THROUGH - 1}`,
			)
			.pluck(),
	});
	const whose = '(@ownerSeq IS NULL OR t.owner_seq = @ownerSeq)';
	const all = walk('TRUE');
	const ofOwner = walk('t.owner_seq = @ownerSeq');
	const ofFile = walk('t.file_seq = @fileSeq', whose);
	const ofJob = walk('t.job_seq = @jobSeq', whose);
	// Open tasks are few beside all that ever were: their own index, not a walk over the past.
	const open = walk('t.finished_at IS NULL', whose);
	// So are those that are held.
	const held = walk(
		't.held_at IS NOT NULL AND t.finished_at IS NULL',
		`${whose} AND (@fileSeq IS NULL OR t.file_seq = @fileSeq)`,
	);
	// And those that need a look.
	const troubled = walk(`t.state IN ('failed', 'quarantined', 'retrying')`, whose);
	const seqFrom = db.prepare('SELECT seq FROM tasks WHERE id >= ? ORDER BY id LIMIT 1').pluck();
	/** The row of the first task from then on: ids are in order of time, so that no walk over the past is needed. */
	const rowAt = (at: number) => seqFrom.get(`tsk_${timeInId(at)}`) as number | undefined;
	return (filter: TaskFilter): { rows: TaskRow[]; floorSeq: number | null } => {
		const json = (value: readonly unknown[] | null) => (value === null ? null : JSON.stringify(value));
		const isOnly = (all: (state: TaskState) => boolean) => filter.states?.every(all) ?? false;
		const choose = () => {
			if (filter.held) return held;
			if (filter.fileSeq !== null) return ofFile;
			if (filter.jobSeq !== null) return ofJob;
			if (isOnly((state) => TROUBLED.has(state))) return troubled;
			if (isOnly((state) => !isFinalTaskState(state))) return open;
			return filter.ownerSeq !== null ? ofOwner : all;
		};
		const { createdFrom, createdBefore, nodes, errorCode } = filter;
		const walked = choose();
		const args = {
			ownerSeq: filter.ownerSeq,
			fileSeq: filter.fileSeq,
			jobSeq: filter.jobSeq,
			states: json(filter.states),
			typeSeqs: json(filter.typeSeqs),
			routingKeys: json(filter.routingKeys),
			nodes: json(nodes),
			errorCode,
			withDiscarded: filter.withDiscarded ? 1 : 0,
			createdFrom,
			createdBefore,
			fromSeq: createdFrom === null ? 0 : (rowAt(createdFrom - CLOCK_MS) ?? Number.MAX_SAFE_INTEGER),
			beforeSeq: Math.min(
				filter.beforeSeq ?? Number.MAX_SAFE_INTEGER,
				(createdBefore === null ? undefined : rowAt(createdBefore + CLOCK_MS)) ?? Number.MAX_SAFE_INTEGER,
			),
			limit: filter.limit,
		};
		const isSought = nodes !== null || errorCode !== null;
		const floorSeq = (isSought ? (walked.floor.get(args) as number | undefined) : undefined) ?? null;
		const rows = walked.select.all({ ...args, fromSeq: floorSeq ?? args.fromSeq }) as TaskRow[];
		return { rows, floorSeq };
	};
});

export interface AttemptRow extends MeteredUsage {
	number: number;
	node: string;
	state: AttemptState;
	reason: string | null;
	startedAt: number;
	finishedAt: number;
	/** Null: what it used is no longer kept. */
	charged: 0 | 1 | null;
	amountMicro: number | null;
}

export interface TaskWhole {
	row: TaskRow;
	parameters: string;
	/** Slots of the secrets that it was given. */
	secrets: string[];
	result: string | null;
	attempts: AttemptRow[];
	outputs: { name: string; size: number; sha256: string; mediaType: string }[];
	after: string[];
	/** Tasks before it that have not succeeded yet. */
	openBefore: string[];
	origin: TaskOrigin | null;
	filings: FiledOutput[];
}

/** One task with everything that belongs to it; null when there is none. */
export const readTask = readOperation('queue.read-task', (db) => {
	const task = db.prepare(
		`SELECT ${COLUMNS}, t.parameters, t.result,
		   (SELECT given ->> '$.secrets' FROM task_origins WHERE task_seq = t.seq) AS secrets
		 FROM tasks t JOIN users u ON u.seq = t.owner_seq WHERE t.id = ?`,
	);
	const attempts = db.prepare(
		`SELECT a.number, a.node, a.state, a.reason, a.started_at AS startedAt, a.finished_at AS finishedAt,
		        ${meteredColumns('u')}, u.charged, u.amount_micro AS amountMicro
		 FROM attempts a LEFT JOIN usage_records u ON u.seq = a.usage_seq
		 WHERE a.task_seq = ? ORDER BY a.number`,
	);
	const outputs = db.prepare(
		`SELECT o.name, b.size, lower(hex(b.sha256)) AS sha256, o.media_type AS mediaType
		 FROM task_outputs o JOIN blobs b ON b.seq = o.blob_seq WHERE o.task_seq = ? ORDER BY o.name`,
	);
	const before = db.prepare(
		`SELECT t.id, t.state FROM task_dependencies d JOIN tasks t ON t.seq = d.after_seq WHERE d.task_seq = ? ORDER BY t.seq`,
	);
	const originOf = prepareReadOrigin(db);
	const filingsOf = prepareFilingsOf(db);
	return (id: string): TaskWhole | null => {
		const found = task.get(id) as
			| (TaskRow & { parameters: string; result: string | null; secrets: string | null })
			| undefined;
		if (!found) return null;
		const { parameters, result, secrets, ...row } = found;
		const preceding = before.all(row.seq) as { id: string; state: TaskState }[];
		return {
			row,
			parameters,
			secrets: Object.keys(JSON.parse(secrets ?? '{}')),
			result,
			attempts: attempts.all(row.seq) as AttemptRow[],
			outputs: outputs.all(row.seq) as TaskWhole['outputs'],
			after: preceding.map((other) => other.id),
			openBefore: preceding.filter((other) => other.state !== 'succeeded').map((other) => other.id),
			origin: originOf(row.seq),
			filings: filingsOf(row.seq),
		};
	};
});

/** Whose task an id names, to ask for permission before anything else is read. */
export const findTask = readOperation('queue.find-task', (db) => {
	const select = db.prepare('SELECT seq, owner_seq AS ownerSeq FROM tasks WHERE id = ?');
	return (id: string) => (select.get(id) as { seq: number; ownerSeq: number } | undefined) ?? null;
});

/** When a task came and when it ended. */
export const readTaskSpan = readOperation('queue.read-task-span', (db) => {
	const select = db.prepare('SELECT seq, created_at AS createdAt, finished_at AS finishedAt FROM tasks WHERE id = ?');
	return (id: string) =>
		(select.get(id) as { seq: number; createdAt: number; finishedAt: number | null } | undefined) ?? null;
});

/** Public ids of tasks. */
export const readTaskIds = readOperation('queue.read-task-ids', (db) => {
	const select = db.prepare('SELECT seq, id FROM tasks WHERE seq IN (SELECT value FROM json_each(?))').raw();
	return (seqs: readonly number[]) => select.all(JSON.stringify(seqs)) as [seq: number, id: string][];
});

/** Sequence numbers by which lists are filtered, from public ids. */
export const findFilterSeqs = readOperation('queue.find-filter-seqs', (db) => {
	const user = db.prepare('SELECT seq FROM users WHERE id = ?').pluck();
	const file = db.prepare('SELECT seq FROM files WHERE id = ?').pluck();
	const types = db.prepare('SELECT seq FROM task_types WHERE name = ?').pluck();
	const job = db.prepare('SELECT seq FROM jobs WHERE id = ?').pluck();
	const nodes = db.prepare('SELECT id FROM nodes WHERE name = ?').pluck();
	return (names: {
		owner: string | null;
		file: string | null;
		type: string | null;
		job: string | null;
		node: string | null;
	}) => ({
		nodes: names.node === null ? null : (nodes.all(names.node) as string[]),
		jobSeq: names.job === null ? null : ((job.get(names.job) as number | undefined) ?? -1),
		ownerSeq: names.owner === null ? null : ((user.get(names.owner) as number | undefined) ?? -1),
		fileSeq: names.file === null ? null : ((file.get(names.file) as number | undefined) ?? -1),
		typeSeqs: names.type === null ? null : (types.all(names.type) as number[]),
	});
});
