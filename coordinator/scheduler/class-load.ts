import type { Demand } from './needs.ts';

/** What runs in a class, and what that asks for together. */
export class ClassLoad {
	readonly #running = new Map<number, Demand>();
	readonly #ofType = new Map<string, number>();
	cores = 0;
	memoryBytes = 0;

	get size(): number {
		return this.#running.size;
	}

	/** Seqs of its live leases. */
	get seqs(): Iterable<number> {
		return this.#running.keys();
	}

	ofType(type: string): number {
		return this.#ofType.get(type) ?? 0;
	}

	add(seq: number, demand: Demand): void {
		this.#running.set(seq, demand);
		this.#count(demand, 1);
	}

	delete(seq: number): void {
		const demand = this.#running.get(seq);
		if (!demand) return;
		this.#running.delete(seq);
		this.#count(demand, -1);
	}

	#count({ type, cores, memoryBytes }: Demand, by: 1 | -1): void {
		this.cores += by * cores;
		this.memoryBytes += by * memoryBytes;
		const count = this.ofType(type) + by;
		if (count === 0) this.#ofType.delete(type);
		else this.#ofType.set(type, count);
	}
}
