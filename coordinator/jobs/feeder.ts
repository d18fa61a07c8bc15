import { setTimeout as pause } from 'node:timers/promises';
import { CodedError } from '../../shared/coded-error.ts';
import type { Ledger } from '../database/ledger.ts';
import type { PolicyBook } from '../qos/policy.ts';
import { queuedCapOf } from '../queue/queued-cap.ts';
import type { Excess, NewTask, QueuedCap } from '../queue/submit-store.ts';
import type { TaskQueue } from '../queue/task-queue.ts';
import type { Logger } from '../report/logger.ts';
import { feedPage } from './feed-store.ts';
import { type JobRow, readJobBySeq, readUnfinishedJobs } from './job-store.ts';
import type { JobTasks, StoredWish } from './job-tasks.ts';
import { readKnown } from './read-known.ts';
import type { Selections } from './selections.ts';
import type { SubmitRates } from './submit-rates.ts';

/** Files read at once, and tasks that are made in one transaction. */
const MOST_FILES = 500;
const MOST_TASKS = 2_000;
/** Tasks of a job that may be open. Half of them is when the ledger tells that there is room again (`job.hungry`). */
const WINDOW = { fresh: 5_000, backfill: 500 };
/** A job whose owner's class has no room now is asked again so long after. */
const NO_ROOM_MS = 5_000;
const TROUBLE_MS = 5_000;

/** A job cannot be fed now: in how long it is tried again, and why. */
interface Later {
	ms: number;
	why: string;
}

const fullWords = ({ pending, fresh }: Excess, cap: QueuedCap | null): string =>
	`Your service class ${cap?.serviceClass} lets ${cap?.most} of your tasks wait at a time (caps.queued); ${pending} wait already, and the next file needs ${fresh} more.`;

/**
 * Makes the tasks of large jobs page by page, taking turns among them, so that none holds more than a window of tasks open
 * and none waits for another. Where it is stands in the ledger with what is made: killed, it goes on from there.
 */
export class Feeder implements AsyncDisposable {
	readonly #ledger: Ledger;
	readonly #queue: Pick<TaskQueue, 'accepted'>;
	readonly #policies: PolicyBook;
	readonly #rates: SubmitRates;
	readonly #jobTasks: JobTasks;
	readonly #selections: Selections;
	readonly #checkNew: (routingKey: string) => void;
	readonly #logger: Logger;
	/** Jobs that have their turn to come. */
	readonly #line = new Set<number>();
	readonly #later = new Map<number, AbortController>();
	/** Why jobs wait that could not be fed when they had their turn. */
	readonly #waiting = new Map<number, string>();
	#running: Promise<void> | null = null;
	#isClosed = false;

	constructor(options: {
		ledger: Ledger;
		queue: Pick<TaskQueue, 'accepted'>;
		policies: PolicyBook;
		rates: SubmitRates;
		jobTasks: JobTasks;
		selections: Selections;
		/** Throws when a key reaches a queue that takes no new tasks. */
		checkNew: (routingKey: string) => void;
		logger: Logger;
	}) {
		this.#ledger = options.ledger;
		this.#queue = options.queue;
		this.#policies = options.policies;
		this.#rates = options.rates;
		this.#jobTasks = options.jobTasks;
		this.#selections = options.selections;
		this.#checkNew = options.checkNew;
		this.#logger = options.logger;
	}

	/** These have something to be fed with, or may have. */
	feed(jobs: readonly number[]): void {
		if (this.#isClosed) return;
		for (const seq of jobs) this.#line.add(seq);
		this.#running ??= this.#feedAll().finally(() => {
			this.#running = null;
			if (this.#line.size > 0) this.feed([]);
		});
	}

	/** Why a job is not fed now, in a sentence; null: nothing keeps it but its turn, or its own open tasks. */
	waitsFor(seq: number): string | null {
		return this.#waiting.get(seq) ?? null;
	}

	/** Goes on with what the last process left. */
	async resume(): Promise<void> {
		this.feed((await this.#ledger.read(readUnfinishedJobs, null)).feeding);
	}

	/** Until nothing can be fed now. For tests. */
	async settled(): Promise<void> {
		while (this.#running) await this.#running;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#isClosed = true;
		for (const later of this.#later.values()) later.abort();
		await this.#running;
	}

	async #feedAll(): Promise<void> {
		while (!this.#isClosed) {
			const [seq] = this.#line;
			if (seq === undefined) return;
			this.#line.delete(seq);
			try {
				const job = await this.#ledger.read(readJobBySeq, seq);
				const next = job ? await this.#feedOne(job) : 'over';
				this.#waiting.delete(seq);
				if (next === 'again') this.#line.add(seq);
				else if (next !== 'over') {
					this.#waiting.set(seq, next.why);
					this.#askLater(seq, next.ms);
				}
			} catch (error) {
				if (this.#isClosed) return;
				this.#logger.error({ err: error, seq }, 'a job could not be fed; it goes on later');
				this.#askLater(seq, TROUBLE_MS);
			}
		}
	}

	/** One page. Answers whether there is more now, later, or not until somebody says so. */
	async #feedOne(job: JobRow): Promise<'again' | 'over' | Later> {
		const { seq, ownerSeq, cursor, cause, scheduleSeq, triggerSeq } = job;
		const wish = JSON.parse(job.wish) as StoredWish;
		const room = WINDOW[wish.lane] - job.open;
		if (job.state !== 'feeding' || job.fedAt !== null || room <= 0 || !wish.over) return 'over';
		const policy = this.#policies.of(ownerSeq);
		const cap = queuedCapOf(policy);
		const burst = policy.settings.rates.submits?.burst ?? MOST_TASKS;
		const most = Math.min(MOST_TASKS, room, burst, cap?.most ?? MOST_TASKS);
		const together = wish.spread === 'together';
		const limit = together ? 1_000 : Math.max(1, Math.min(MOST_FILES, Math.floor(most / wish.steps.length)));
		const now = Date.now();
		const page = await this.#selections.page(ownerSeq, wish.over, cursor, limit);
		const source = { ownerSeq, cause, scheduleSeq, triggerSeq };
		const known = await readKnown(this.#ledger, source, wish, page);
		const made = this.#jobTasks.of(source, wish, page, now, known);
		const tasks = made.tasks.map((task) => ({ ...task, jobSeq: seq }));
		const draining = this.#draining(tasks);
		if (draining !== null) return { ms: NO_ROOM_MS, why: draining };
		const paid = this.#pay(ownerSeq, Math.min(tasks.length, burst));
		if (typeof paid !== 'function') return paid;
		let isMade = false;
		try {
			const skips = made.skips.counts();
			const { again } = wish.applied ?? {};
			const applied = triggerSeq === null || again === undefined ? null : { triggerSeq, again };
			const args = { seq, ownerSeq, before: cursor, after: page.next, tasks, applied, skips, cap, now };
			const fed = await this.#ledger.write(feedPage, args);
			if (fed === 'moved') return 'over';
			if ('excess' in fed) return { ms: NO_ROOM_MS, why: fullWords(fed.excess, cap) };
			isMade = true;
			this.#queue.accepted(fed.submitted, fed.tasks, now);
			return page.next === null ? 'over' : 'again';
		} finally {
			if (!isMade) paid(Math.min(tasks.length, burst));
		}
	}

	/** Why the queues of these take no new tasks; null: they do. */
	#draining(tasks: readonly NewTask[]): string | null {
		try {
			for (const key of new Set(tasks.map(({ routingKey }) => routingKey))) this.#checkNew(key);
			return null;
		} catch (error) {
			if (error instanceof CodedError) return error.message;
			throw error;
		}
	}

	/** What the owner's rate lets through now. */
	#pay(ownerSeq: number, tasks: number): ((unused: number) => void) | Later {
		try {
			return this.#rates.take(ownerSeq, tasks);
		} catch (error) {
			if (error instanceof CodedError && error.code === 'too-many-requests') {
				return { ms: (error.retryAfter ?? 1) * 1_000, why: error.message };
			}
			throw error;
		}
	}

	#askLater(seq: number, ms: number): void {
		if (this.#isClosed || this.#later.has(seq)) return;
		const later = new AbortController();
		this.#later.set(seq, later);
		pause(ms, undefined, { signal: later.signal, ref: false }).then(
			() => {
				this.#later.delete(seq);
				this.feed([seq]);
			},
			() => {},
		);
	}
}
