import type { WentFirstRule } from '../../shared/protocol/task-decisions.ts';
import type { ReadyTask } from '../scheduler/ready-task.ts';
import type { WaitingReason } from '../scheduler/waiting-reason.ts';
import { waitingSentence } from '../scheduler/waiting-sentence.ts';
import type { Start } from './event.ts';
import type { Standing } from './went-first.ts';

const MOST_GROUPS = 100;
const MOST_SPANS = 100;
/** Decisions for others that are told one by one. */
export const MOST_PASSED = 20;

/** A time in line, with numbers for people, tasks and times. */
export interface Stay {
	from: number;
	to: number | null;
	came: 'arrived' | 'coordinator-started';
	left: 'started' | 'taken-out' | 'coordinator-stopped' | 'waits';
	isExact: boolean;
	whyNot: string | null;
	queue: string | null;
	serviceClass: string;
	priority: number;
	boosted: boolean;
	ahead: { own: number; people: number } | null;
	starts: number;
	wentFirst: {
		queue: string | null;
		serviceClass: string | null;
		owner: number | null;
		rule: WentFirstRule;
		starts: number;
	}[];
	waited: { rule: string; ms: number }[];
	waits: { from: number; to: number; rule: string; sentence: string }[];
	passedOver: {
		at: number;
		seq: number;
		owner: number | null;
		serviceClass: string | null;
		queue: string | null;
		node: string;
		rule: WentFirstRule;
		sentence: string | null;
	}[];
	start: { at: number; node: string; sentence: string | null } | null;
	end: { at: number; costMs: number | null } | null;
}

/** Takes down what happened while a task stood in line, in bounded memory. */
export class StayNotes {
	readonly #task: ReadyTask;
	readonly #stay: Omit<Stay, 'wentFirst' | 'waited' | 'waits' | 'passedOver'>;
	readonly #groups = new Map<string, Stay['wentFirst'][number]>();
	readonly #waited = new Map<string, number>();
	#spans: Stay['waits'] = [];
	#passed: Stay['passedOver'] = [];
	#rule: { reason: WaitingReason; since: number } | null = null;

	constructor(
		{ task, queue }: Standing,
		facts: Pick<Stay, 'from' | 'came' | 'isExact' | 'whyNot'> & { reason: WaitingReason | null },
	) {
		const { reason, ...rest } = facts;
		const ahead = reason && 'ahead' in reason ? { own: reason.ahead.own, people: reason.ahead.people } : null;
		const { serviceClass, priority, boosted } = task;
		const open = { to: null, left: 'waits' as const, starts: 0, start: null, end: null };
		this.#task = task;
		this.#stay = { ...rest, ...open, queue, serviceClass, priority, boosted, ahead };
		if (reason) this.waits(reason, facts.from);
	}

	get task(): ReadyTask {
		return this.#task;
	}

	get queue(): string | null {
		return this.#stay.queue;
	}

	/** From now on it waits for this. */
	waits(reason: WaitingReason, at: number): void {
		if (this.#rule?.reason.rule === reason.rule) return;
		this.#endSpan(at);
		this.#rule = { reason, since: at };
	}

	/** Another one was started; `other` is null when nobody knows which. */
	passed(
		start: Start,
		other: Standing | null,
		{ at, rule, reason }: { at: number; rule: WentFirstRule; reason: WaitingReason | null },
	): void {
		const queue = other?.queue ?? null;
		const [owner, serviceClass] = [other?.task.owner ?? null, other?.task.serviceClass ?? null];
		this.#stay.starts += 1;
		const key = JSON.stringify([queue, serviceClass, owner, rule]);
		const group = this.#groups.get(key);
		if (group) group.starts += 1;
		else if (this.#groups.size < MOST_GROUPS * 10) {
			this.#groups.set(key, { queue, serviceClass, owner, rule, starts: 1 });
		}
		const sentence = reason && waitingSentence(reason);
		this.#passed.push({ at, seq: start.seq, owner, serviceClass, queue, node: start.node, rule, sentence });
		if (this.#passed.length > MOST_PASSED * 10) this.#passed = this.#passed.slice(-MOST_PASSED);
	}

	started(at: number, node: string, reason: WaitingReason | null): void {
		this.left('started', at);
		this.#stay.start = { at, node, sentence: reason && waitingSentence(reason) };
	}

	left(how: Stay['left'], at: number): void {
		this.#endSpan(at);
		this.#stay.left = how;
		this.#stay.to = at;
	}

	ended(at: number, costMs: number | null): void {
		this.#stay.end = { at, costMs };
	}

	/** As things are at this time. */
	told(at: number): Stay {
		if (this.#stay.to === null) this.#endSpan(at);
		const wentFirst = [...this.#groups.values()].sort((a, b) => b.starts - a.starts).slice(0, MOST_GROUPS);
		const waited = [...this.#waited].map(([rule, ms]) => ({ rule, ms })).sort((a, b) => b.ms - a.ms);
		return { ...this.#stay, wentFirst, waited, waits: this.#spans, passedOver: this.#passed.slice(-MOST_PASSED) };
	}

	#endSpan(at: number): void {
		if (!this.#rule) return;
		const { reason, since } = this.#rule;
		this.#rule = null;
		if (at <= since) return;
		this.#waited.set(reason.rule, (this.#waited.get(reason.rule) ?? 0) + at - since);
		this.#spans.push({ from: since, to: at, rule: reason.rule, sentence: waitingSentence(reason) });
		if (this.#spans.length > MOST_SPANS) this.#spans.shift();
	}
}
