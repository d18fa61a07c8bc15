import type { HttpClient } from '../../../shared/client/http-client.ts';
import { readTask } from '../../../shared/client/tasks.ts';
import type { TaskDetail } from '../../../shared/protocol/task.ts';
import type { Output } from '../terminal/output.ts';
import { headline } from './headline.ts';
import type { TaskFollower } from './task-follower.ts';

/** What starts within this needs no explanation. */
const LOOK_MS = 3_000;
/** A reason that alternates with others, as the tasks ahead come and go, is told so often at most. */
const REPEAT_MS = 60_000;
/** The first open task may run for long while the next one cannot start. */
const LOOKED_AT = 3;

export interface WaitingNotesOptions {
	http: HttpClient;
	follower: Pick<TaskFollower, 'openIds'>;
	out: Pick<Output, 'note'>;
	signal: AbortSignal;
	lookMs?: number;
}

const isWaiting = ({ state }: TaskDetail): boolean => state === 'waiting' || state === 'queued' || state === 'retrying';

/** How many are ahead changes all the time; that is not another reason. */
const reasonOf = (task: TaskDetail): string => (task.waitingBecause ?? task.state).replaceAll(/\d+/g, '#');

/** Says why tasks that are waited for do not start: once after a little while, and again when the reason is another. */
export class WaitingNotes implements Disposable {
	readonly #options: WaitingNotesOptions;
	readonly #stop = new AbortController();
	readonly #signal: AbortSignal;
	readonly #toldAt = new Map<string, number>();
	#last: string | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(options: WaitingNotesOptions) {
		this.#options = options;
		this.#signal = AbortSignal.any([options.signal, this.#stop.signal]);
		this.#later();
	}

	[Symbol.dispose](): void {
		clearTimeout(this.#timer);
		this.#stop.abort();
	}

	#later(): void {
		this.#timer = setTimeout(() => {
			// Whether the server can be reached at all is for the follower to judge.
			this.#look()
				.catch(() => {})
				.finally(() => this.#signal.aborted || this.#later());
		}, this.#options.lookMs ?? LOOK_MS);
	}

	async #look(): Promise<void> {
		const { http, follower } = this.#options;
		for (const id of follower.openIds(LOOKED_AT)) {
			const task = await readTask(http, id, { signal: this.#signal });
			if (this.#signal.aborted) return;
			if (isWaiting(task)) return this.#tell(task);
		}
	}

	#tell(task: TaskDetail): void {
		const reason = reasonOf(task);
		const now = performance.now();
		const toldAt = this.#toldAt.get(reason);
		if (reason === this.#last || (toldAt !== undefined && now - toldAt < REPEAT_MS)) return;
		this.#last = reason;
		this.#toldAt.set(reason, now);
		this.#options.out.note(headline(task));
	}
}
