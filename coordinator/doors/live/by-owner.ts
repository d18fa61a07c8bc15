import type { Screen } from './screen.ts';

/** Screens by whose things they watch. */
export class ByOwner {
	readonly #screens = new Map<number, Set<Screen>>();

	get size(): number {
		return this.#screens.size;
	}

	get people(): number[] {
		return [...this.#screens.keys()];
	}

	*all(): Iterable<Screen> {
		for (const screens of this.#screens.values()) yield* screens;
	}

	of(ownerSeq: number): Iterable<Screen> {
		return this.#screens.get(ownerSeq) ?? [];
	}

	set(screen: Screen, isIn: boolean): void {
		const { userSeq } = screen.actor;
		const screens = this.#screens.get(userSeq) ?? new Set();
		if (isIn) this.#screens.set(userSeq, screens.add(screen));
		else if (screens.delete(screen) && screens.size === 0) this.#screens.delete(userSeq);
	}
}
