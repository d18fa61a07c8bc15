import type { SettleReply } from '../../shared/protocol/agent-link.ts';
import type { Json } from '../../shared/protocol/json.ts';
import type { TaskState } from '../../shared/protocol/task.ts';
import type { Manifest } from '../../shared/protocol/task-type.ts';
import type { ReadyTask } from '../scheduler/ready-task.ts';
import type { NewTask } from './submit-store.ts';

/** What an agent needs of a task; kept in memory only near the head of the line, otherwise read when its turn comes. */
export interface Payload {
	id: string;
	/** JSON object text. */
	parameters: string;
	/** JSON array text of {@link StoredInput}. */
	inputs: string;
	/** JSON object text of what it is given beside them; null: nothing. */
	given: string | null;
}

/** What a task's origin says that it is given: where its source was, and the ids of its secrets by their slots. */
export interface StoredGiven {
	source?: { cursor: Json; left: number | null };
	secrets?: Record<string, string>;
}

/** An input as pinned when the task was made: later versions of the file do not change it. */
export interface StoredInput {
	/** Both null: it is a file of a dataset, `version` is the dataset's. */
	file: string | null;
	fileSeq: number | null;
	/** Public id of the dataset that it is of. */
	dataset?: string;
	path: string;
	version: number;
	sha256: string;
	size: number;
}

/** A task that is queued or running, as held in memory; the rest of it is in the ledger. */
export interface OpenTask extends ReadyTask {
	manifest: Manifest;
	/** The class that it was submitted with; null: it goes by its owner's. */
	ownClass: string | null;
	/** Kept out of line until somebody releases it. */
	held: boolean;
	/** What was said about it while it was not in line: it is so from when it goes back there. */
	altered: Pick<ReadyTask, 'boosted' | 'routingKey'> | null;
	version: number;
	failures: number;
	losses: number;
	/** Number of the newest attempt; 0 before the first. */
	attempt: number;
	payload: Payload | null;
}

/** Name of the service class that a task goes by now: the one asked for at submit while that counts, else its owner's. */
export type ClassOf = (owner: number, asked: string | null) => string;

/** A live attempt. Times with `…Mono` are `performance.now()`; nothing about a lease trusts a clock that can jump. */
export interface Lease {
	task: OpenTask;
	id: string;
	attempt: number;
	token: string;
	node: string;
	startedAt: number;
	/** The same moment by the clock that does not jump: what it cost goes by this. */
	startedMono: number;
	deadlineMono: number;
	/** The agent has said that the child runs. */
	begun: boolean;
	progress: number | null;
	phase: string | null;
	/** Log kept so far; an agent that sends more than is allowed is not listened to. */
	logLines: number;
	logBytes: number;
	cancelRequested: boolean;
	/** It was asked to give its slot back to other work. */
	preempted: boolean;
	/** Set while a settlement is on its way into the ledger, so that a repeat waits for the same answer. */
	settling: Promise<SettleStatus> | null;
}

export type SettleStatus = Exclude<SettleReply, 'invalid'>;

/** A row of `tasks` as the index needs it; arrays, because a million of them cross threads at start. */
export type OpenRow = [
	seq: number,
	owner: number,
	typeSeq: number,
	routingKey: string,
	priority: number,
	queuedAt: number,
	version: number,
	failures: number,
	losses: number,
	attempt: number,
	avoidNode: string | null,
	/** Null: the one of its owner. */
	serviceClass: string | null,
	boostedAt: number | null,
	heldAt: number | null,
];

/** As many names as a row has values: the compiler sees to it. */
type NamesOf<Row extends readonly unknown[]> = { readonly [K in keyof Row]: string };

const COLUMNS: NamesOf<OpenRow> = [
	'seq',
	'owner_seq',
	'type_seq',
	'routing_key',
	'priority',
	'queued_at',
	'version',
	'failures',
	'losses',
	'attempt',
	'avoid_node',
	'service_class',
	'boosted_at',
	'held_at',
];

/** The columns of {@link OpenRow} in the table `tasks`. */
export const OPEN_COLUMNS = COLUMNS.join(', ');
export const OPEN_WIDTH = COLUMNS.length;

/** The first columns of a longer row. */
export const openRowOf = (row: readonly unknown[]): OpenRow => row.slice(0, OPEN_WIDTH) as unknown as OpenRow;

/** The row of a task that has just been stored and stands in line. */
export const newOpenRow = (
	{ ownerSeq, typeSeq, routingKey, priority, serviceClass }: NewTask,
	seq: number,
	now: number,
): OpenRow => [seq, ownerSeq, typeSeq, routingKey, priority, now, 1, 0, 0, 0, null, serviceClass, null, null];

/** What changed about a task, for whoever watches. */
export interface TaskChange {
	ownerSeq: number;
	id: string;
	version: number;
	type: string;
	state: TaskState;
	progress: number | null;
	phase: string | null;
	/** Public id of the first input, if any. */
	file: string | null;
	/** Id of the node where it runs, or ran last once it is over. */
	node: string | null;
}

/** What of a lease is shown to people. */
export type LeaseView = Pick<Lease, 'progress' | 'phase'>;

/** Hashes of the contents that a task works on, as far as its payload is in memory. */
export const inputKeysOf = ({ payload }: OpenTask): string[] =>
	payload === null || payload.inputs === '[]'
		? []
		: (JSON.parse(payload.inputs) as StoredInput[]).map(({ sha256 }) => sha256);
