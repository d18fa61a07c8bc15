import type { ClassWait } from '../../shared/protocol/class-wait.ts';
import { WaitHistogram } from '../scheduler/wait-histogram.ts';

const SLOT_MS = 5 * 60_000;
const SLOTS = 12;
/** Classes that are told apart; nobody makes so many. */
const MOST_CLASSES = 1_000;

/** How long tasks of each class waited until they started for the first time, within the last hour. */
export class ClassWaits {
	/** By class, in slots of five minutes, each with its number. */
	readonly #slots = new Map<string, { number: number; waits: WaitHistogram }[]>();
	readonly #now: () => number;

	constructor(now: () => number = Date.now) {
		this.#now = now;
	}

	add(serviceClass: string, ms: number): void {
		let slots = this.#slots.get(serviceClass);
		if (!slots) {
			if (this.#slots.size >= MOST_CLASSES) return;
			slots = [];
			this.#slots.set(serviceClass, slots);
		}
		const number = this.#number();
		let last = slots.at(-1);
		if (last?.number !== number) {
			last = { number, waits: new WaitHistogram() };
			slots.push(last);
			if (slots.length > SLOTS) slots.shift();
		}
		last.waits.add(ms);
	}

	of(serviceClass: string): Pick<ClassWait, 'started' | 'p50Ms' | 'p95Ms'> {
		const oldest = this.#number() - SLOTS;
		const all = new WaitHistogram();
		for (const { number, waits } of this.#slots.get(serviceClass) ?? []) if (number > oldest) all.include(waits);
		if (all.size === 0) return { started: 0, p50Ms: null, p95Ms: null };
		const [p50Ms = 0, p95Ms = 0] = all.quantiles([0.5, 0.95]);
		return { started: all.size, p50Ms, p95Ms };
	}

	/** Forgets classes that are not there any more. */
	keep(classes: ReadonlySet<string>): void {
		for (const name of this.#slots.keys()) if (!classes.has(name)) this.#slots.delete(name);
	}

	#number(): number {
		return Math.floor(this.#now() / SLOT_MS);
	}
}
