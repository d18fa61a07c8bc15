import PQueue from 'p-queue';
import { io, type Socket } from 'socket.io-client';
import { type LivePatch, type LiveTopic, liveMessageSchema } from '../../shared/protocol/live-updates.ts';
import { FINAL_TASK_STATES } from '../../shared/protocol/task.ts';
import { type Api, ApiRefusal } from './api.ts';

/** What a test wants to know of a task. */
export interface TaskNow {
	id: string;
	state: string;
	[field: string]: unknown;
}

/** Hears `/live` as a person's browser does: after a connect, a reconnect or a gap it reads again what it waits for. */
export class LiveFeed implements Disposable {
	readonly #api: Api;
	readonly #socket: Socket;
	readonly #topics: readonly LiveTopic[];
	readonly #listeners = new Set<(patch: LivePatch | 'resync') => void>();
	readonly patches: LivePatch[] = [];
	/** One person may have only so many requests under way. */
	readonly #reads = new PQueue({ concurrency: 50 });
	#seq = 0;

	private constructor(api: Api, topics: readonly LiveTopic[]) {
		this.#api = api;
		this.#topics = topics;
		this.#socket = io(`${api.url}/live`, {
			transports: ['websocket'],
			auth: { token: api.token },
			reconnectionDelay: 50,
			reconnectionDelayMax: 500,
		});
		this.#socket.on('live:patch', (message: unknown) => this.#take(message));
	}

	static async open(api: Api, topics: readonly LiveTopic[] = ['tasks', 'files']): Promise<LiveFeed> {
		const feed = new LiveFeed(api, topics);
		await new Promise<void>((resolve, reject) => {
			feed.#socket.once('connect_error', reject);
			feed.#socket.once('connect', () => {
				feed.#socket.off('connect_error', reject);
				resolve();
			});
		});
		await feed.#subscribe();
		// From the second connect on by itself.
		feed.#socket.on('connect', () => {
			feed.#subscribe().catch(() => feed.#socket.disconnect().connect());
		});
		return feed;
	}

	/** The first patch to come that fits. */
	next(what: string, fits: (patch: LivePatch) => boolean, withinMs = 60_000): Promise<LivePatch> {
		return this.#listen(what, withinMs, async (patch) => (patch !== 'resync' && fits(patch) ? patch : undefined));
	}

	/** Resolves with the task when it is in one of the states; by default when it is over. */
	async task(id: string, states: readonly string[] = FINAL_TASK_STATES, withinMs = 60_000): Promise<TaskNow> {
		const look = async (): Promise<TaskNow | undefined> => {
			try {
				const task = await this.#read(id);
				return states.includes(task.state) ? task : undefined;
			} catch (error) {
				// While the coordinator is away there is nothing to see; its return is a resync.
				if (error instanceof ApiRefusal) throw error;
				return undefined;
			}
		};
		const heard = this.#listen(`${id} to be ${states.join(' or ')}`, withinMs, async (patch) => {
			if (patch === 'resync') return look();
			if (patch.kind !== 'task' || patch.id !== id || !states.includes(patch.state)) return undefined;
			// A start is announced when it is decided; the ledger may be a moment behind.
			return { ...(await this.#read(id)), state: patch.state };
		});
		const now = await look();
		if (!now) return heard;
		heard.catch(() => {});
		return now;
	}

	/** Resolves with all the tasks when each is over. */
	tasks(ids: readonly string[], withinMs = 60_000): Promise<TaskNow[]> {
		return Promise.all(ids.map((id) => this.task(id, FINAL_TASK_STATES, withinMs)));
	}

	[Symbol.dispose](): void {
		this.#socket.disconnect();
		this.#listeners.clear();
	}

	#read(id: string): Promise<TaskNow> {
		return this.#reads.add(() => this.#api.get<TaskNow>(`/tasks/${id}`));
	}

	async #subscribe(): Promise<void> {
		const answer = await this.#socket.timeout(10_000).emitWithAck('subscribe', { topics: this.#topics });
		if (!answer.ok) throw new Error(`subscribe: ${answer.code}`);
		this.#seq = answer.seq;
		this.#tell('resync');
	}

	#take(message: unknown): void {
		const { seq, patches } = liveMessageSchema.parse(message);
		const gap = seq !== this.#seq + 1;
		this.#seq = seq;
		this.patches.push(...patches);
		for (const patch of patches) this.#tell(patch);
		if (gap) this.#tell('resync');
	}

	#tell(patch: LivePatch | 'resync'): void {
		for (const listener of this.#listeners) listener(patch);
	}

	#listen<T>(
		what: string,
		withinMs: number,
		judge: (patch: LivePatch | 'resync') => Promise<T | undefined>,
	): Promise<T> {
		return new Promise((resolve, reject) => {
			const end = (act: () => void) => {
				clearTimeout(timer);
				this.#listeners.delete(listener);
				act();
			};
			const timer = setTimeout(() => {
				const last = JSON.stringify(this.patches.slice(-5));
				end(() => reject(new Error(`waited ${withinMs} ms for ${what}; last heard: ${last}`)));
			}, withinMs);
			const listener = (patch: LivePatch | 'resync') => {
				judge(patch).then(
					(found) => found !== undefined && end(() => resolve(found)),
					(error) => end(() => reject(error)),
				);
			};
			this.#listeners.add(listener);
		});
	}
}
