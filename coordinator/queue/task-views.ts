import type { Filing } from '../../shared/protocol/result.ts';
import type { TaskDetail, TaskSummary } from '../../shared/protocol/task.ts';
import type { ClassOf, LeaseView, StoredInput } from './open-task.ts';
import { seenUsage, seenUsageOfAll } from './seen-usage.ts';
import type { TaskOrigin } from './task-origin-store.ts';
import type { TaskOutlook } from './task-outlook.ts';
import type { TaskWhole } from './task-read-store.ts';
import type { TaskRow } from './task-row.ts';

/** What a view needs to know beyond the ledger's rows. */
export interface ViewContext {
	typeName: (typeSeq: number) => string;
	typeVersion: (typeSeq: number) => number;
	queueOf: (routingKey: string) => string | null;
	classOf: ClassOf;
	/** A node's name, also of one that is away. */
	nodeName: (id: string) => string;
	lease: (task: string) => LeaseView | undefined;
	outlook: Pick<TaskOutlook, 'waiting' | 'times'>;
}

const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

/** `named`: the owner’s name may be told. */
export const taskSummary = (row: TaskRow, context: ViewContext, named: boolean): TaskSummary => {
	const lease = row.state === 'running' ? context.lease(row.id) : undefined;
	return {
		id: row.id,
		version: row.version,
		type: context.typeName(row.typeSeq),
		state: row.state,
		owner: row.owner,
		ownerName: named ? row.ownerName : null,
		routingKey: row.routingKey,
		queue: context.queueOf(row.routingKey),
		priority: row.priority,
		serviceClass: row.finishedAt === null ? context.classOf(row.ownerSeq, row.askedClass) : row.askedClass,
		createdAt: iso(row.createdAt),
		queuedAt: isoOrNull(row.queuedAt),
		startedAt: isoOrNull(row.startedAt),
		finishedAt: isoOrNull(row.finishedAt),
		notBefore: row.state === 'waiting' || row.state === 'retrying' ? isoOrNull(row.dueAt) : null,
		expiresAt: isoOrNull(row.expiresAt),
		progress: row.state === 'succeeded' ? 1 : (lease?.progress ?? null),
		phase: lease?.phase ?? null,
		node: row.node === null ? null : context.nodeName(row.node),
		cancelRequested: row.cancelAt !== null,
		held:
			row.heldAt === null || row.finishedAt !== null
				? null
				: { since: iso(row.heldAt), reason: row.heldReason, by: row.heldBy ?? '' },
		boosted: row.boostedAt !== null && row.finishedAt === null,
		error: row.errorCode === null ? null : { code: row.errorCode, message: row.errorMessage ?? '' },
		inputs: (JSON.parse(row.inputs) as StoredInput[]).map(({ file, dataset, path, version, sha256 }) => ({
			file,
			...(dataset === undefined ? {} : { dataset }),
			path,
			version,
			sha256,
		})),
	};
};

export const taskDetail = (task: TaskWhole, context: ViewContext, named: boolean): TaskDetail => {
	const { row } = task;
	const ended = task.attempts.map((attempt) => ({
		id: `${row.id}:${attempt.number}`,
		number: attempt.number,
		node: context.nodeName(attempt.node),
		state: attempt.state,
		startedAt: iso(attempt.startedAt),
		finishedAt: iso(attempt.finishedAt),
		reason: attempt.reason,
		usage: attempt.charged === null ? null : seenUsage(attempt),
	}));
	const live =
		row.state === 'running' && row.node !== null
			? [
					{
						id: `${row.id}:${row.attempt}`,
						number: row.attempt,
						node: context.nodeName(row.node),
						state: 'running' as const,
						startedAt: iso(row.startedAt ?? row.createdAt),
						finishedAt: null,
						reason: null,
						usage: null,
					},
				]
			: [];
	const waiting = context.outlook.waiting(task);
	return {
		...taskSummary(row, context, named),
		typeVersion: context.typeVersion(row.typeSeq),
		parameters: JSON.parse(task.parameters),
		secrets: task.secrets,
		attempts: [...ended, ...live],
		result: task.result === null ? null : JSON.parse(task.result),
		outputs: task.outputs.map((output) => ({
			...output,
			url: `/api/v1/tasks/${row.id}/outputs/${encodeURIComponent(output.name)}`,
		})),
		// What the person is charged for.
		usage: seenUsageOfAll(task.attempts.filter(({ charged }) => charged === 1)),
		estimateMicro: row.estimateMicro,
		amountMicro: task.attempts.reduce((sum, { amountMicro }) => sum + (amountMicro ?? 0), 0),
		after: task.after,
		waitingBecause: waiting?.because ?? null,
		waiting,
		...context.outlook.times(row),
		...originView(task.origin),
		filings: task.filings,
	};
};

const originView = (origin: TaskOrigin | null): Pick<TaskDetail, 'origin' | 'results'> => {
	if (origin === null) return { origin: null, results: null };
	const { cause, recipe, recipeVersion, step, filing } = origin;
	return { origin: { cause, recipe, recipeVersion, step }, results: filing as Filing | null };
};
