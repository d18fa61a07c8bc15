import { quantile } from './calibration.ts';

/** Taken for a task whose type has no history. Milliseconds in a slot. */
const UNKNOWN_MS = 1_000;
/** Weight of the newest task in the mean. */
const NEWEST = 0.1;
/** A type whose tasks take no longer than this on average is short; and long again only when they take clearly longer. */
export const SHORT_MS = 2_000;
const SHORT_NO_MORE_MS = 3_000;
/** Costs of a type that are remembered one by one; what is older hardly counts in the mean either. */
export const COSTS_REMEMBERED = 100;
/** So many are needed to tell a range. */
const LEAST = 5;

/** What one task has cost: milliseconds in a slot. */
export interface TypeCost {
	type: string;
	cost: number;
}

interface History {
	mean: number;
	/** The newest, in any order. */
	recent: number[];
	next: number;
}

/** What tasks of each type usually cost; a type without history is taken for a short one. */
export class TypeCosts {
	readonly #histories = new Map<string, History>();
	readonly #long = new Set<string>();

	expected(type: string): number {
		return this.#histories.get(type)?.mean ?? UNKNOWN_MS;
	}

	isShort(type: string): boolean {
		return !this.#long.has(type);
	}

	/** Costs of this type from the least on, of those that were more than `than`; null when too few are known. */
	recent(type: string, than = 0): number[] | null {
		const costs = this.#histories.get(type)?.recent.filter((cost) => cost > than) ?? [];
		return costs.length < LEAST ? null : costs.sort((a, b) => a - b);
	}

	/** A task has ended; true if by this its type has become a short or a long one. */
	learn(type: string, cost: number): boolean {
		const history = this.#histories.get(type);
		const mean = history ? history.mean + (cost - history.mean) * NEWEST : cost;
		if (history) {
			history.mean = mean;
			history.recent[history.next] = cost;
			history.next = (history.next + 1) % COSTS_REMEMBERED;
		} else this.#histories.set(type, { mean, recent: [cost], next: 1 });
		if (mean <= SHORT_MS) return this.#long.delete(type);
		if (this.#long.has(type) || (history && mean <= SHORT_NO_MORE_MS)) return false;
		this.#long.add(type);
		return true;
	}
}

/** The range that holds the middle part of these, which are sorted. */
export const middleOf = (sorted: readonly number[], part: number): { from: number; to: number } => ({
	from: quantile(sorted, (1 - part) / 2),
	to: quantile(sorted, (1 + part) / 2),
});
