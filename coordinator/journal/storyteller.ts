import type { StayInLine, TaskDecisions } from '../../shared/protocol/task-decisions.ts';
import { ThreadLine } from '../threads/thread-line.ts';
import type { Stay } from './stay-notes.ts';
import type { StoryData } from './story-thread.ts';
import type { Story } from './tell-story.ts';

/** A story that takes longer is told as far as it goes. */
const TELL_WITHIN_MS = 40_000;
/** After that the thread is given so long before it is ended. */
const GRACE_MS = 10_000;

type NamesOf = (owners: readonly number[]) => Promise<ReadonlyMap<number, string>>;

/** What a story needs to know of tasks, from the room that keeps them. */
export interface StoryTasks {
	/** Throws `not-found`. */
	spanOf(id: string): Promise<{ seq: number; createdAt: number; finishedAt: number | null }>;
	/** Public ids, by rows. */
	idsOf(seqs: readonly number[]): Promise<ReadonlyMap<number, string>>;
}

/** Tells how a task came to be started when it was, out of the journal, beside the work. */
export class Storyteller {
	readonly #tasks: StoryTasks;
	readonly #namesOf: NamesOf;
	readonly #flush: () => Promise<void>;
	readonly #file: string;
	readonly #nodeName: (id: string) => string;
	readonly #line = new ThreadLine<StoryData, Story>({
		entry: new URL('./story-thread.js', import.meta.url),
		mostWaiting: 4,
		// So many tasks may have stood in line that they do not fit in there a second time.
		mostHeapMb: 1_024,
		withinMs: TELL_WITHIN_MS + GRACE_MS,
		busy: { detail: 'Several such stories are being told already; ask again in a moment.', retryAfter: 5 },
		tooMuch: 'The journal was too much to look through; ask again when there is less in line.',
	});

	constructor(options: {
		tasks: StoryTasks;
		/** Names of people, by their numbers. */
		namesOf: NamesOf;
		/** Brings what has happened into the ledger. */
		flush: () => Promise<void>;
		/** The ledger's file, for the thread. */
		file: string;
		nodeName: (id: string) => string;
	}) {
		this.#tasks = options.tasks;
		this.#namesOf = options.namesOf;
		this.#flush = options.flush;
		this.#file = options.file;
		this.#nodeName = options.nodeName;
	}

	async decisionsOn(id: string): Promise<TaskDecisions> {
		const task = await this.#tasks.spanOf(id);
		const told = await this.#line.run(async () => {
			await this.#flush();
			const now = Date.now();
			const [from, to] = [task.createdAt, task.finishedAt ?? now];
			return { file: this.#file, wish: { seq: task.seq, from, to, deadline: now + TELL_WITHIN_MS } };
		});
		return this.#named(id, told);
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.#line[Symbol.asyncDispose]();
	}

	async #named(id: string, { stays, gaps, isCut }: Story): Promise<TaskDecisions> {
		const owners = new Set(stays.flatMap((stay) => [...stay.wentFirst, ...stay.passedOver].map(({ owner }) => owner)));
		const seqs = new Set(stays.flatMap(({ passedOver }) => passedOver.map(({ seq }) => seq)));
		const people = await this.#namesOf([...owners].filter((owner) => owner !== null));
		const tasks = await this.#tasks.idsOf([...seqs]);
		const personOf = (owner: number | null) => (owner === null ? null : (people.get(owner) ?? null));
		return {
			task: id,
			stays: stays.map((stay) => this.#stay(stay, personOf, (seq) => tasks.get(seq) ?? null)),
			gaps: gaps.map(({ from, to }) => ({ from: iso(from), to: iso(to) })),
			isCut,
		};
	}

	#stay(
		stay: Stay,
		personOf: (owner: number | null) => string | null,
		taskOf: (seq: number) => string | null,
	): StayInLine {
		const { start, end } = stay;
		return {
			...stay,
			from: iso(stay.from),
			to: stay.to === null ? null : iso(stay.to),
			wentFirst: stay.wentFirst.map(({ owner, ...one }) => ({ ...one, person: personOf(owner) })),
			waits: stay.waits.map(({ from, to, ...one }) => ({ ...one, from: iso(from), to: iso(to) })),
			passedOver: stay.passedOver.map(({ at, seq, owner, node, ...one }) => ({
				...one,
				at: iso(at),
				task: taskOf(seq),
				person: personOf(owner),
				node: this.#nodeName(node),
			})),
			start: start && { ...start, at: iso(start.at), node: this.#nodeName(start.node) },
			end: end && { ...end, at: iso(end.at) },
		};
	}
}

const iso = (ms: number): string => new Date(ms).toISOString();
