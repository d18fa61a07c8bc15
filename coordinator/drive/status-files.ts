import { createHash } from 'node:crypto';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import type { Ledger } from '../database/ledger.ts';
import { factsOf } from '../jobs/task-facts.ts';
import { type InboxFile, type InboxRecipe, type InboxStatus, readStatuses } from './inbox-store.ts';
import type { DriveResource } from './resource.ts';
import { statusName } from './status-name.ts';
import { padded, STATUS_BYTES, type StatusTask, statusText } from './status-text.ts';

/** Files of an inbox, and whose recipes run on them. */
export interface InboxFiles {
	ownerSeq: number;
	folder: readonly string[];
	files: readonly InboxFile[];
	recipes: readonly InboxRecipe[];
	/** Names of all inboxes. */
	inboxes: readonly string[];
}

/** Results of one task that are named; of more the portal tells. */
const MOST_RESULTS = 10;
const MINUTE_MS = 60_000;

/**
 * The status files beside what lies in inboxes. None is kept: their text is made when somebody reads it. Until then only
 * that something may have changed is known: the state of a task has, one of its outputs has become a file, or a minute has passed while something goes on.
 */
export class StatusFiles {
	readonly #ledger: Ledger;
	readonly #readTask: (id: string) => Promise<TaskDetail>;
	readonly #now: () => number;

	constructor(options: {
		ledger: Ledger;
		/** With what only the memory knows: progress, and why it waits. */
		readTask: (id: string) => Promise<TaskDetail>;
		now?: () => number;
	}) {
		this.#ledger = options.ledger;
		this.#readTask = options.readTask;
		this.#now = options.now ?? Date.now;
	}

	/** Of those of the files that have one. */
	async of(inbox: InboxFiles): Promise<DriveResource[]> {
		const statuses = await this.#ledger.read(readStatuses, inbox);
		return statuses.map((status) => this.#resource(status, inbox));
	}

	#resource(status: InboxStatus, inbox: InboxFiles): DriveResource {
		const { file, tasks, firings, forgottenAt, heldUntil } = status;
		const isOpen = tasks.some(({ finishedAt }) => finishedAt === null) || firings.some(isWaiting) || heldUntil !== null;
		const minute = Math.floor(this.#now() / MINUTE_MS) * MINUTE_MS;
		const ends = [
			...tasks.map(({ finishedAt }) => finishedAt ?? 0),
			...firings.map(({ at }) => at),
			...(forgottenAt ? [forgottenAt] : []),
		];
		// Until the first task is there it may come at any time.
		const modifiedAt = isOpen || ends.length === 0 ? minute : Math.max(...ends);
		const seen = JSON.stringify([
			file,
			tasks,
			firings,
			forgottenAt,
			heldUntil,
			inbox.recipes,
			inbox.recipes.length === 0 && inbox.inboxes,
			modifiedAt,
		]);
		return {
			kind: 'file',
			name: statusName(file.name) ?? '',
			entry: null,
			isReadOnly: true,
			createdAt: modifiedAt,
			modifiedAt,
			file: {
				version: null,
				size: STATUS_BYTES,
				sha256: createHash('sha256').update(seen).digest('hex'),
				md5: null,
				mediaType: 'text/plain; charset=utf-8',
				tasks: null,
				content: { make: () => this.#make(status, inbox) },
			},
		};
	}

	async #make(status: InboxStatus, { folder, recipes, inboxes }: InboxFiles): Promise<Buffer> {
		const tasks: StatusTask[] = [];
		for (const { id } of status.tasks) {
			const task = await this.#readTask(id);
			const results = task.filings.slice(0, MOST_RESULTS).flatMap(({ path }) => (path === null ? [] : [path]));
			const unfiled = task.filings.flatMap(({ reason }) => (reason === null ? [] : [reason]));
			const outputs = task.outputs.map(({ name }) => name);
			const told = factsOf(task.type, task.result && JSON.stringify(task.result), outputs);
			tasks.push({ task, results, unfiled, told });
		}
		const names = recipes.map(({ name }) => name);
		const [, inbox = null] = folder;
		return padded(statusText(status, { inbox, recipes: names, inboxes }, tasks));
	}
}

const isWaiting = ({ state }: InboxStatus['firings'][number]): boolean => state === 'waits-for-type';
