import { BitSet } from './bit-set.ts';
import { askCaps, type ClassCap } from './class-caps.ts';
import { ClassLoad } from './class-load.ts';
import type { LaneTable } from './lane-table.ts';
import type { Demand } from './needs.ts';
import { PeopleOrder } from './people-order.ts';
import type { ReadyTask } from './ready-task.ts';
import type { ClassRules } from './service-class.ts';
import type { Flow } from './shares.ts';

/** What keeps a class from starting a task although there may be room on a node. */
export type ClassLimit =
	| { rule: 'class-cap'; cap: ClassCap; most: number; used: number; asked: number }
	/** As many as may start in this time have started; the next may in so many milliseconds. */
	| { rule: 'class-rate'; perMinute: number; inMs: number };

/** What a cap says of a demand now. */
interface CapState {
	cap: ClassCap;
	/** How many tasks with this demand it allows at once. */
	atOnce: number;
	isReached: boolean;
}

const MINUTE_MS = 60_000;

/** A service class, what it has used, and who runs what in it. */
export class ClassShare<T extends ReadyTask> {
	#rules: ClassRules;
	/** As written by {@link FadingTime}. */
	used = 0;
	readonly flows = new Map<number, Flow<T>>();
	readonly load = new ClassLoad();
	readonly #people = new PeopleOrder<T>();
	readonly #boosted = new PeopleOrder<T>();
	readonly #startable = new BitSet();
	#isLimited: boolean;
	/** Until when the starts there have been use up the rate; starts are allowed a burst ahead of it. */
	#paidUntil: number;

	constructor(rules: ClassRules) {
		this.#rules = rules;
		this.#paidUntil = rules.startsPaidUntil ?? 0;
		this.#isLimited = isLimited(rules);
	}

	get rules(): ClassRules {
		return this.#rules;
	}

	set rules(rules: ClassRules) {
		// Another rate counts at once: what was owed under the old one is forgiven.
		if (!isSameRate(rules.starts, this.#rules.starts)) this.#paidUntil = 0;
		this.#rules = rules;
		this.#isLimited = isLimited(rules);
	}

	/** Its people who may start something, boosted or not, by what they have used. */
	peopleOf(boosted: boolean): PeopleOrder<T> {
		return boosted ? this.#boosted : this.#people;
	}

	/** All costs were made smaller at once. */
	sortAnew(): void {
		this.#people.sortAnew();
		this.#boosted.sortAnew();
	}

	/** The less, the sooner it goes. */
	get usedByWeight(): number {
		return this.used / this.#rules.weight;
	}

	/** Why none of its tasks with this demand may start now; null if one may. */
	limitReached(demand: Demand, now: number): ClassLimit | null {
		const reached = askCaps(this.#rules, this.load, demand, capReached);
		if (reached) return reached;
		const { starts } = this.#rules;
		if (starts === null) return null;
		const inMs = this.nextStartAt - now;
		return inMs > 0 ? { rule: 'class-rate', perMinute: starts.perMinute, inMs } : null;
	}

	/** The open lanes in which it may start something now; read at once, the set is used again. */
	startable(lanes: LaneTable<T>, now: number): BitSet {
		if (!this.#isLimited) return lanes.openPlaces;
		this.#startable.clear();
		for (const lane of lanes.open) {
			if (this.limitReached(lane.demand, now) === null) this.#startable.set(lane.place, true);
		}
		return this.#startable;
	}

	/** How many more with this demand its caps allow. */
	room(demand: Demand): number {
		let room = Number.POSITIVE_INFINITY;
		askCaps(this.#rules, this.load, demand, (_, most, used, each) => {
			room = Math.min(room, timesIn(most - used, each));
			return null;
		});
		return room;
	}

	/** All its caps on tasks with this demand. */
	caps(demand: Demand): CapState[] {
		const caps: CapState[] = [];
		askCaps(this.#rules, this.load, demand, (cap, most, used, each) => {
			caps.push({ cap, atOnce: timesIn(most, each), isReached: used + each > most });
			return null;
		});
		return caps;
	}

	/** From when on its rate allows a start. */
	get nextStartAt(): number {
		const { starts } = this.#rules;
		return starts === null ? 0 : this.#paidUntil - (starts.burst - 1) * (MINUTE_MS / starts.perMinute);
	}

	/** One of its tasks has been started. */
	countStart(now: number): void {
		const { starts } = this.#rules;
		if (starts !== null) this.#paidUntil = Math.max(this.#paidUntil, now) + MINUTE_MS / starts.perMinute;
	}
}

const capReached = (cap: ClassCap, most: number, used: number, asked: number): ClassLimit | null =>
	used + asked > most ? { rule: 'class-cap', cap, most, used, asked } : null;

/** How often one task's part fits into an amount. */
const timesIn = (amount: number, each: number): number =>
	each === 0 ? Number.POSITIVE_INFINITY : Math.max(0, Math.floor(amount / each));

/** Whether anything but a person's own cap can keep it from starting. */
const isLimited = ({ mostRunning, mostCores, mostMemoryBytes, mostOfType, starts }: ClassRules): boolean =>
	mostRunning !== null ||
	mostCores !== null ||
	mostMemoryBytes !== null ||
	starts !== null ||
	Object.keys(mostOfType).length > 0;

const isSameRate = (a: ClassRules['starts'], b: ClassRules['starts']): boolean =>
	a?.perMinute === b?.perMinute && a?.burst === b?.burst;
