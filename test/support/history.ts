import { ApiRefusal } from './api.ts';

/** A request that a client made, and what it was told. `unknown`: the connection broke before an answer. */
export interface Entry {
	atMs: number;
	operation: 'submit' | 'upload' | 'cancel';
	outcome: 'acknowledged' | 'refused' | 'unknown';
	/** Ids of the tasks that were acknowledged. */
	tasks: readonly string[];
	/** What was acknowledged as uploaded. */
	file?: { id: string; version: number; sha256: string; size: number };
	key?: string;
	detail?: string;
}

/** What clients were told, as they saw it: the checker holds the coordinator to it. */
export class History {
	readonly entries: Entry[] = [];

	/** Runs one submit and writes down how it went; null unless it was acknowledged. Only ApiRefusal counts as refused. */
	async submit<T extends { id: string } | { ids: string[] }>(act: () => Promise<T>, key?: string): Promise<T | null> {
		return this.#record('submit', act, key, (answer) => ({ tasks: 'ids' in answer ? answer.ids : [answer.id] }));
	}

	/** Runs one upload and writes down how it went; null unless it was acknowledged. */
	async upload<T extends { file: NonNullable<Entry['file']>; tasks: readonly { id: string }[] }>(
		act: () => Promise<T>,
	): Promise<T | null> {
		return this.#record('upload', act, undefined, ({ file, tasks }) => ({ file, tasks: tasks.map((task) => task.id) }));
	}

	/** Every task id that a client was given. */
	get acknowledgedTasks(): string[] {
		return this.entries.flatMap((entry) => (entry.outcome === 'acknowledged' ? entry.tasks : []));
	}

	get acknowledgedFiles(): NonNullable<Entry['file']>[] {
		return this.entries.flatMap((entry) => (entry.outcome === 'acknowledged' && entry.file ? [entry.file] : []));
	}

	count(outcome: Entry['outcome']): number {
		return this.entries.filter((entry) => entry.outcome === outcome).length;
	}

	async #record<T>(
		operation: Entry['operation'],
		act: () => Promise<T>,
		key: string | undefined,
		told: (answer: T) => Pick<Entry, 'tasks' | 'file'>,
	): Promise<T | null> {
		const common = { operation, ...(key === undefined ? {} : { key }) };
		try {
			const answer = await act();
			this.entries.push({ ...common, atMs: Date.now(), outcome: 'acknowledged', ...told(answer) });
			return answer;
		} catch (error) {
			const outcome = error instanceof ApiRefusal ? 'refused' : 'unknown';
			const detail = error instanceof Error ? error.message : String(error);
			this.entries.push({ ...common, atMs: Date.now(), outcome, tasks: [], detail });
			return null;
		}
	}
}
