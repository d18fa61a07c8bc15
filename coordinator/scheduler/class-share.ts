import { ClassLoad } from './class-load.ts';
import type { Demand } from './needs.ts';
import type { ReadyTask } from './ready-task.ts';
import type { ClassRules } from './service-class.ts';
import type { Flow } from './shares.ts';

/** What keeps a class from starting a task although there may be room on a node. */
export type ClassHold =
	| { rule: 'class-cap'; cap: 'running' | 'cores' | 'memory' | 'type'; most: number; used: number; asked: number }
	/** As many as may start in this time have started; the next may in so many milliseconds. */
	| { rule: 'class-rate'; perMinute: number; inMs: number };

const MINUTE_MS = 60_000;

/** A service class, what it has used, and who runs what in it. */
export class ClassShare<T extends ReadyTask> {
	rules: ClassRules;
	/** As written by {@link FadingTime}. */
	used = 0;
	readonly flows = new Map<number, Flow<T>>();
	readonly load = new ClassLoad();
	/** Until when the starts there have been use up the rate; starts are allowed a burst ahead of it. */
	#paidUntil = 0;

	constructor(rules: ClassRules) {
		this.rules = rules;
	}

	/** The less, the sooner it goes. */
	get usedByWeight(): number {
		return this.used / this.rules.weight;
	}

	/** Why none of its tasks with this demand may start now; null if one may. */
	holds(demand: Demand, now: number): ClassHold | null {
		const { mostRunning, mostCores, mostMemoryBytes, mostOfType, starts } = this.rules;
		const { size, cores, memoryBytes } = this.load;
		if (mostRunning !== null && size >= mostRunning) return held('running', mostRunning, size, 1);
		if (mostCores !== null && cores + demand.cores > mostCores) return held('cores', mostCores, cores, demand.cores);
		if (mostMemoryBytes !== null && memoryBytes + demand.memoryBytes > mostMemoryBytes) {
			return held('memory', mostMemoryBytes, memoryBytes, demand.memoryBytes);
		}
		const ofType = Object.hasOwn(mostOfType, demand.type) ? mostOfType[demand.type] : undefined;
		if (ofType !== undefined && this.load.ofType(demand.type) >= ofType) {
			return held('type', ofType, this.load.ofType(demand.type), 1);
		}
		if (starts === null) return null;
		const inMs = this.nextStartAt - now;
		return inMs > 0 ? { rule: 'class-rate', perMinute: starts.perMinute, inMs } : null;
	}

	/** How many more with this demand its caps allow. */
	room({ type, cores, memoryBytes }: Demand): number {
		const { mostRunning, mostCores, mostMemoryBytes, mostOfType } = this.rules;
		const { load } = this;
		return Math.min(
			left(mostRunning, load.size, 1),
			left(mostCores, load.cores, cores),
			left(mostMemoryBytes, load.memoryBytes, memoryBytes),
			left(Object.hasOwn(mostOfType, type) ? (mostOfType[type] ?? null) : null, load.ofType(type), 1),
		);
	}

	/** From when on its rate allows a start. */
	get nextStartAt(): number {
		const { starts } = this.rules;
		return starts === null ? 0 : this.#paidUntil - (starts.burst - 1) * (MINUTE_MS / starts.perMinute);
	}

	/** One of its tasks has been started. */
	countStart(now: number): void {
		const { starts } = this.rules;
		if (starts !== null) this.#paidUntil = Math.max(this.#paidUntil, now) + MINUTE_MS / starts.perMinute;
	}
}

const held = (cap: 'running' | 'cores' | 'memory' | 'type', most: number, used: number, asked: number): ClassHold => ({
	rule: 'class-cap',
	cap,
	most,
	used,
	asked,
});

const left = (most: number | null, used: number, each: number): number =>
	most === null || each === 0 ? Number.POSITIVE_INFINITY : Math.max(0, Math.floor((most - used) / each));
