import type { Binding } from '../scheduler/topic-match.ts';
import { TopicRoutes } from '../scheduler/topic-routes.ts';
import type { WaitingReason } from '../scheduler/waiting-reason.ts';
import type { JournalEvent, Start } from './event.ts';
import { LineState } from './line-state.ts';
import { ReplayCore } from './replay-core.ts';
import { MOST_PASSED, type Stay, StayNotes } from './stay-notes.ts';
import { type Standing, wentFirstBy } from './went-first.ts';

/** How often the core is asked about the task, at most about; of more decisions only some are asked about. */
const MOST_ASKED = 10_000;
/** Starts of one pick before each of which it is asked. */
const ASKED_A_PICK = 8;

/** What a first look found of one time in line: how much there was to ask about. */
export interface StaySize {
	picks: number;
	starts: number;
}

/** Counts, for each time in line, the decisions that were made meanwhile. */
export class StorySizes {
	readonly #seq: number;
	readonly sizes: StaySize[] = [];
	#isInLine = false;
	#isRunning = false;
	/** Events up to the last one that is of the story. */
	events = 0;
	#seen = 0;

	constructor(seq: number) {
		this.#seq = seq;
	}

	take(event: JournalEvent): void {
		this.#seen += 1;
		if (event.do === 'enqueue' && event.task.seq === this.#seq && !this.#isInLine && !this.#isRunning) {
			this.#isInLine = true;
			this.sizes.push({ picks: 0, starts: 0 });
		} else if (event.do === 'restoreLease' && event.task.seq === this.#seq) {
			this.#isInLine = false;
			this.#isRunning = true;
		} else if ((event.do === 'remove' || event.do === 'release') && event.seq === this.#seq) {
			this.events = this.#seen;
			if (event.do === 'remove') this.#isInLine = false;
			else this.#isRunning = false;
		} else if (event.do === 'pick' && this.#isInLine) {
			const size = this.sizes.at(-1)!;
			size.picks += 1;
			const mine = event.starts.findIndex(({ seq }) => seq === this.#seq);
			size.starts += mine < 0 ? event.starts.length : mine;
			if (mine < 0) return;
			this.#isInLine = false;
			this.#isRunning = true;
		}
		if (this.#isInLine || this.#isRunning) this.events = this.#seen;
	}
}

/** Follows one task through an epoch of the journal and takes its story down; with a core it asks why. */
export class StoryScan {
	readonly #seq: number;
	readonly #sizes: readonly StaySize[];
	readonly #core: ReplayCore | null;
	readonly #whyNot: string | null;
	readonly #state = new LineState();
	readonly #routes = new TopicRoutes();
	readonly #notes: StayNotes[] = [];
	/** While it stands in line. */
	#open: StayNotes | null = null;
	#picks = 0;
	#starts = 0;
	#hasPicked = false;
	#reason: WaitingReason | null = null;

	/** `whyNot` says why decisions are not made again; null: they are. */
	constructor(options: { seq: number; sizes: readonly StaySize[]; whyNot: string | null }) {
		this.#seq = options.seq;
		this.#sizes = options.sizes;
		this.#whyNot = options.whyNot;
		this.#core = options.whyNot === null ? new ReplayCore() : null;
	}

	take(event: JournalEvent, at: number): void {
		if (event.do === 'pick') this.#pick(event, at);
		else this.#core?.apply(event);
		if (event.do === 'setQueues') {
			this.#routes.setBindings(
				event.queues.flatMap(({ name, bindingKeys }) => bindingKeys.map((key): Binding => ({ queue: name, key }))),
			);
		}
		const comes = event.do === 'enqueue' && event.task.seq === this.#seq && this.#state.canEnter(this.#seq);
		if ((event.do === 'remove' || event.do === 'restoreLease') && this.#open && seqOf(event) === this.#seq) {
			this.#open.left(event.do === 'remove' ? 'taken-out' : 'started', at);
			this.#open = null;
		}
		if (event.do === 'release' && event.seq === this.#seq && this.#state.running.has(event.seq)) {
			this.#notes.at(-1)?.ended(at, event.cost);
		}
		this.#state.apply(event);
		if (comes && event.do === 'enqueue') {
			this.#picks = 0;
			this.#starts = 0;
			this.#open = new StayNotes(this.#standing(event.task), {
				from: at,
				came: this.#hasPicked ? 'arrived' : 'coordinator-started',
				isExact: this.#core !== null,
				whyNot: this.#whyNot,
				reason: this.#ask(event.now),
			});
			this.#notes.push(this.#open);
		}
	}

	/** `end` tells when the journal of the epoch ends, and whether the coordinator does. */
	told(end: { at: number; isOver: boolean }): Stay[] {
		if (this.#open && end.isOver) this.#open.left('coordinator-stopped', end.at);
		return this.#notes.map((notes) => notes.told(end.at));
	}

	#pick(event: Extract<JournalEvent, { do: 'pick' }>, at: number): void {
		this.#hasPicked = true;
		const open = this.#open;
		if (!open) {
			this.#core?.apply(event);
			return;
		}
		const size = this.#sizes[this.#notes.length - 1] ?? { picks: 0, starts: 0 };
		const every = Math.ceil((size.picks + size.starts) / MOST_ASKED) || 1;
		const isAsked = this.#picks % every === 0;
		this.#picks += 1;
		for (const [i, start] of event.starts.entries()) {
			const isNear = this.#starts >= size.starts - MOST_PASSED;
			if (isNear || (isAsked && i < ASKED_A_PICK)) this.#reason = this.#ask(event.now);
			// One by one is the same as all at once, and can be asked about in between.
			this.#core?.apply(event, 1);
			if (start.seq === this.#seq) {
				open.started(at, start.node, this.#reason);
				this.#open = null;
			} else if (this.#open) this.#passed(open, start, at, isNear);
		}
		this.#core?.apply(event, event.limit - event.starts.length);
		if (!this.#open || !isAsked) return;
		const reason = this.#ask(event.now);
		if (reason) open.waits(reason, at);
	}

	#passed(open: StayNotes, start: Start, at: number, isNear: boolean): void {
		this.#starts += 1;
		const task = this.#state.line.get(start.seq);
		const other = task ? this.#standing(task) : null;
		const couldStart = this.#reason && this.#reason.rule === 'next';
		const mine = { task: open.task, queue: open.queue };
		const rule = other ? wentFirstBy(mine, other, couldStart, this.#state.classes) : 'unknown';
		open.passed(start, other, { at, rule, reason: isNear ? this.#reason : null });
	}

	#standing(task: Standing['task']): Standing {
		return { task, queue: this.#routes.route(task.routingKey) };
	}

	#ask(now: number): WaitingReason | null {
		return this.#core?.scheduler.insight.explain(this.#seq, now) ?? null;
	}
}

const seqOf = (event: Extract<JournalEvent, { do: 'remove' | 'restoreLease' }>): number =>
	event.do === 'remove' ? event.seq : event.task.seq;
