/** Reasons that are told one by one; what comes after them is counted together. */
const MOST_REASONS = 20;
const OTHERS = 'other reasons';

/** What of a job is not made: how many by each reason, and one example. */
export class Skips {
	readonly #all = new Map<string, { count: number; example: string }>();

	add(reason: string, example: string): void {
		const isRoom = this.#all.has(reason) || this.#all.size < MOST_REASONS - 1;
		const key = isRoom ? reason : OTHERS;
		const known = this.#all.get(key);
		if (known) known.count += 1;
		else this.#all.set(key, { count: 1, example });
	}

	counts(): Record<string, number> {
		return Object.fromEntries(Array.from(this.#all, ([reason, { count }]) => [reason, count]));
	}

	list(): { reason: string; count: number; example: string }[] {
		return Array.from(this.#all, ([reason, one]) => ({ reason, ...one }));
	}
}

/** Both together, with no more reasons than there may be. */
export const addCounts = (
	before: Readonly<Record<string, number>>,
	more: Readonly<Record<string, number>>,
): Record<string, number> => {
	const sum: Record<string, number> = { ...before };
	for (const [reason, count] of Object.entries(more)) {
		const isRoom = Object.hasOwn(sum, reason) || Object.keys(sum).length < MOST_REASONS - 1;
		const key = isRoom ? reason : OTHERS;
		sum[key] = (Object.hasOwn(sum, key) ? (sum[key] ?? 0) : 0) + count;
	}
	return sum;
};
