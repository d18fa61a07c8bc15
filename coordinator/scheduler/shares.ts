import { ClassShare } from './class-share.ts';
import { FadingTime } from './fading-cost.ts';
import type { Line } from './line.ts';
import type { Demand } from './needs.ts';
import type { ReadyTask } from './ready-task.ts';
import { type ClassRules, plainClass } from './service-class.ts';
import type { Stand } from './stand.ts';

/** One person's tasks in one class. */
export class Flow<T extends ReadyTask> {
	readonly share: ClassShare<T>;
	readonly user: number;
	used = 0;
	readonly lines = new Set<Line<T>>();
	/** Seqs of its live leases. */
	readonly running = new Set<number>();
	/** As its lines have it. */
	hasRoom = true;

	constructor(share: ClassShare<T>, user: number) {
		this.share = share;
		this.user = user;
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
		for (const share of this.#classes.values()) for (const flow of share.flows.values()) moved(flow);
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

	/** What a written cost is worth now. */
	worth(written: number, now: number): number {
		return this.#time.worth(written, now);
	}

	/** Somebody has one task less in line: who has none, and has used nothing, is not kept. */
	dropIfEmpty(flow: Flow<T>): void {
		if (flow.lines.size === 0 && flow.running.size === 0 && flow.used === 0) flow.share.flows.delete(flow.user);
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
		const before = flow.used;
		flow.used = Math.max(0, before + written);
		flow.share.used = Math.max(0, flow.share.used + written);
		// More used is put right where it comes up; less, and a cap reached or left, at once.
		if (flow.used < before || flow.hasRoom !== flow.room > 0) moved(flow);
	}

	#fold(now: number): void {
		const factor = this.#time.fold(now);
		if (factor === null) return;
		const stands = new Set<Stand<T>>();
		for (const charge of this.#charges) charge.written *= factor;
		for (const share of this.#classes.values()) {
			share.used *= factor;
			for (const flow of share.flows.values()) {
				flow.used *= factor;
				for (const { stand } of flow.lines) stands.add(stand);
				this.#forgetIfIdle(flow, now);
			}
		}
		for (const stand of stands) stand.rebuild();
	}

	/** Who has nothing here and has used next to nothing is not kept. */
	#forgetIfIdle(flow: Flow<T>, now: number): void {
		if (flow.lines.size > 0 || flow.running.size > 0 || this.#time.worth(flow.used, now) > 1) return;
		flow.share.flows.delete(flow.user);
	}
}

const moved = <T extends ReadyTask>(flow: Flow<T>): void => {
	flow.hasRoom = flow.room > 0;
	for (const line of flow.lines) line.stand.update(line);
};
