import { ClassShare } from './class-share.ts';
import { Contender } from './contender.ts';
import { FadingTime } from './fading-cost.ts';
import type { Line } from './line.ts';
import type { Demand } from './needs.ts';
import type { ReadyTask } from './ready-task.ts';
import { type ClassRules, plainClass } from './service-class.ts';

/** One person's tasks in one class. */
export class Flow<T extends ReadyTask> {
	readonly share: ClassShare<T>;
	readonly user: number;
	used = 0;
	readonly #plain = new Contender<T>(this, false);
	#boosted: Contender<T> | null = null;
	/** Seqs of its live leases. */
	readonly running = new Set<number>();

	constructor(share: ClassShare<T>, user: number) {
		this.share = share;
		this.user = user;
	}

	/** Boosted tasks and the others take their turns apart. */
	contender(boosted: boolean): Contender<T> {
		if (!boosted) return this.#plain;
		this.#boosted ??= new Contender<T>(this, true);
		return this.#boosted;
	}

	lines(boosted: boolean): Iterable<Line<T>> {
		return (boosted ? this.#boosted : this.#plain)?.lines ?? [];
	}

	*allLines(): Generator<Line<T>> {
		yield* this.lines(true);
		yield* this.lines(false);
	}

	get hasLines(): boolean {
		return this.#plain.hasLines || this.#boosted?.hasLines === true;
	}

	/** To be told when what was used, or what may be run, has changed. */
	update(): void {
		this.#plain.update();
		this.#boosted?.update();
	}

	/** How many more of its tasks its people's cap allows. */
	get room(): number {
		const { mostRunningOfUser } = this.share.rules;
		return mostRunningOfUser === null ? Number.POSITIVE_INFINITY : Math.max(0, mostRunningOfUser - this.running.size);
	}
}

/** What was written down for a start, until it is known what it really cost. */
export interface Charge<T extends ReadyTask> {
	readonly flow: Flow<T>;
	/** As written by {@link FadingTime}; made small with all other costs. */
	written: number;
}

/** A start costs at least so much, or those whose tasks take no time would always go first. Milliseconds in a slot. */
const LEAST_COST = 1;

/**
 * Who has used how much: classes, and in each the people. A start is charged at once with what its kind usually costs,
 * so that many starts in one moment are shared fairly too; when it has ended the charge becomes what it did cost.
 */
export class Shares<T extends ReadyTask> {
	readonly #classes = new Map<string, ClassShare<T>>();
	readonly #time = new FadingTime();
	/** Of what runs now. */
	readonly #charges = new Set<Charge<T>>();

	/** Takes the classes as they are now; tasks of one that is gone go by plain rules. */
	setClasses(classes: readonly ClassRules[]): void {
		const rules = new Map(classes.map((one) => [one.id, one]));
		for (const share of this.#classes.values()) share.rules = rules.get(share.rules.id) ?? plainClass(share.rules.id);
		for (const one of classes) if (!this.#classes.has(one.id)) this.#classes.set(one.id, new ClassShare(one));
		for (const share of this.#classes.values()) for (const flow of share.flows.values()) flow.update();
	}

	get classes(): Iterable<ClassShare<T>> {
		return this.#classes.values();
	}

	flowOf({ serviceClass, owner }: T): Flow<T> {
		let share = this.#classes.get(serviceClass);
		if (!share) {
			share = new ClassShare(plainClass(serviceClass));
			this.#classes.set(serviceClass, share);
		}
		let flow = share.flows.get(owner);
		if (!flow) {
			flow = new Flow(share, owner);
			share.flows.set(owner, flow);
		}
		return flow;
	}

	/** The same as it is, or as it would be made: a question makes none. */
	imagined(serviceClass: string, owner: number): Flow<T> {
		const share = this.#classes.get(serviceClass) ?? new ClassShare<T>(plainClass(serviceClass));
		return share.flows.get(owner) ?? new Flow(share, owner);
	}

	/** What a written cost is worth now. */
	worth(written: number, now: number): number {
		return this.#time.worth(written, now);
	}

	/** Somebody has one task less in line: who has none, and has used nothing, is not kept. */
	dropIfEmpty(flow: Flow<T>): void {
		if (!flow.hasLines && flow.running.size === 0 && flow.used === 0) flow.share.flows.delete(flow.user);
	}

	/** A task has started and will cost about so much. */
	start(task: T, demand: Demand, expected: number, now: number): Charge<T> {
		this.#fold(now);
		const flow = this.flowOf(task);
		const charge = { flow, written: this.#time.written(Math.max(expected, LEAST_COST), now) };
		this.#charges.add(charge);
		flow.running.add(task.seq);
		flow.share.load.add(task.seq, demand);
		this.#add(flow, charge.written);
		return charge;
	}

	/** It has ended and did cost so much; null: it is not charged at all. */
	end(task: T, charge: Charge<T>, cost: number | null, now: number): void {
		this.#fold(now);
		this.#charges.delete(charge);
		const { flow, written } = charge;
		flow.running.delete(task.seq);
		flow.share.load.delete(task.seq);
		const owed = cost === null ? 0 : this.#time.written(Math.max(cost, LEAST_COST), now);
		this.#add(flow, owed - written);
		this.#forgetIfIdle(flow, now);
	}

	#add(flow: Flow<T>, written: number): void {
		flow.used = Math.max(0, flow.used + written);
		flow.share.used = Math.max(0, flow.share.used + written);
		flow.update();
	}

	#fold(now: number): void {
		const factor = this.#time.fold(now);
		if (factor === null) return;
		for (const charge of this.#charges) charge.written *= factor;
		for (const share of this.#classes.values()) {
			share.used *= factor;
			for (const flow of share.flows.values()) {
				flow.used *= factor;
				this.#forgetIfIdle(flow, now);
			}
			share.sortAnew();
		}
	}

	/** Who has nothing here and has used next to nothing is not kept. */
	#forgetIfIdle(flow: Flow<T>, now: number): void {
		if (flow.hasLines || flow.running.size > 0 || this.#time.worth(flow.used, now) > 1) return;
		flow.share.flows.delete(flow.user);
	}
}
