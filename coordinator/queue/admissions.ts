import type { Ledger } from '../database/ledger.ts';
import { admitHeld, readAwaitsBudget } from './admit-store.ts';
import type { Steering } from './steering.ts';

/** Lets tasks go on that were held for want of room in a budget, whyever there is some by now. */
export class Admissions {
	readonly #ledger: Ledger;
	readonly #steering: Pick<Steering, 'altered'>;

	constructor(options: { ledger: Ledger; steering: Pick<Steering, 'altered'> }) {
		this.#ledger = options.ledger;
		this.#steering = options.steering;
	}

	/** How many go on. Page by page, each durable before it is brought into the line. */
	async look(now: number = Date.now()): Promise<number> {
		if (!(await this.#ledger.read(readAwaitsBudget, null))) return 0;
		let count = 0;
		for (let from: number | null = 0; from !== null; ) {
			const args: { from: number; now: number } = { from, now };
			const { altered, changed, next } = await this.#ledger.write(admitHeld, args, { patient: true });
			if (altered.length + changed.length > 0) this.#steering.altered([...altered, ...changed]);
			count += altered.length;
			from = next;
		}
		return count;
	}
}
