import { BitSet } from './bit-set.ts';
import type { Contender } from './contender.ts';
import type { ReadyTask } from './ready-task.ts';

/** So many stand in one block at the most. */
const BLOCK_SIZE = 128;

/** Neighbours in the order. */
export interface PeopleBlock<T extends ReadyTask> {
	people: Contender<T>[];
	/** Lanes that any of them has something in; of those who have gone some may be left. */
	lanes: BitSet;
}

/**
 * The people of a class who may start something, by what they have used. Kept in blocks that know in which lanes there
 * is anything: who comes first among those that stand in some of the lanes is found past everybody who waits for other
 * ones, and one person's start moves one entry, in however many lanes that person waits.
 */
export class PeopleOrder<T extends ReadyTask> {
	#blocks: PeopleBlock<T>[] = [];

	get isEmpty(): boolean {
		return this.#blocks.length === 0;
	}

	/** Who has used least of those with a line in one of these lanes. */
	first(within: BitSet): Contender<T> | null {
		for (const block of this.#blocks) {
			if (!block.lanes.meets(within)) continue;
			for (const one of block.people) if (one.lanes.meets(within)) return one;
			// Only those who have gone had something there.
			block.lanes.clear();
			for (const one of block.people) block.lanes.add(one.lanes);
		}
		return null;
	}

	/** Puts in one who is not in it. */
	place(one: Contender<T>): void {
		const at = Math.min(
			firstWhere(this.#blocks, ({ people }) => before(one, people[people.length - 1]!)),
			Math.max(0, this.#blocks.length - 1),
		);
		let block = this.#blocks[at];
		if (!block) {
			block = { people: [], lanes: new BitSet() };
			this.#blocks.push(block);
		}
		const { people } = block;
		people.splice(
			firstWhere(people, (other) => before(one, other)),
			0,
			one,
		);
		block.lanes.add(one.lanes);
		one.block = block;
		if (people.length > BLOCK_SIZE) this.#blocks.splice(at + 1, 0, blockOf(people.splice(BLOCK_SIZE / 2)));
	}

	/** Takes out one who is in it; may be asked after what that person has used has changed. */
	take(one: Contender<T>): void {
		const block = one.block!;
		one.block = null;
		block.people.splice(block.people.indexOf(one), 1);
		if (block.people.length === 0) this.#blocks.splice(this.#blocks.indexOf(block), 1);
	}

	/** All costs were made smaller at once: what was in order by a hair may be equal now. */
	sortAnew(): void {
		const people = this.#blocks.flatMap((block) => block.people).sort((a, b) => (before(a, b) ? -1 : 1));
		this.#blocks = [];
		for (let at = 0; at < people.length; at += BLOCK_SIZE)
			this.#blocks.push(blockOf(people.slice(at, at + BLOCK_SIZE)));
	}
}

const before = <T extends ReadyTask>({ flow: a }: Contender<T>, { flow: b }: Contender<T>): boolean =>
	a.used === b.used ? a.user < b.user : a.used < b.used;

const blockOf = <T extends ReadyTask>(people: Contender<T>[]): PeopleBlock<T> => {
	const block: PeopleBlock<T> = { people, lanes: new BitSet() };
	for (const one of people) {
		one.block = block;
		block.lanes.add(one.lanes);
	}
	return block;
};

/** The first place from which on this holds; the length if it never does. */
const firstWhere = <Item>(items: readonly Item[], holds: (item: Item) => boolean): number => {
	let low = 0;
	let high = items.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (holds(items[middle]!)) high = middle;
		else low = middle + 1;
	}
	return low;
};
