import type { Overlap } from '../../shared/protocol/queue.ts';
import { type Binding, compareBindings } from '../scheduler/topic-match.ts';

/** Pairs of words that are compared at most: some hundredths of a second. With more it is said that not all were. */
const MOST_WORDS = 500_000;
/** Overlaps that are told of one queue. */
const MOST_TOLD = 100;

/** Whether some routing key fits both binding keys. */
export const overlap = (a: string, b: string): boolean => {
	const left = a.split('.');
	const right = b.split('.');
	// meets[j]: the rest of the left from here and the rest of the right from j have a key in common.
	let below: boolean[] = [];
	for (let i = left.length; i >= 0; i--) {
		const row = new Array<boolean>(right.length + 1).fill(false);
		for (let j = right.length; j >= 0; j--) {
			if (i === left.length && j === right.length) row[j] = true;
			else if (left[i] === '#') row[j] = (below[j] ?? false) || (j < right.length && (row[j + 1] ?? false));
			else if (right[j] === '#') row[j] = (row[j + 1] ?? false) || (i < left.length && (below[j] ?? false));
			else if (i < left.length && j < right.length) row[j] = wordsMeet(left[i]!, right[j]!) && (below[j + 1] ?? false);
		}
		below = row;
	}
	return below[0] ?? false;
};

const wordsMeet = (a: string, b: string): boolean => a === '*' || b === '*' || a === b;

const isWild = (word: string): boolean => word === '*' || word === '#';

/** For every queue the bindings of others that meet its own; `whole` is false when there were too many to compare. */
export const bindingOverlaps = (
	queues: readonly { name: string; bindingKeys: readonly string[] }[],
): { of: Map<string, Overlap[]>; whole: boolean } => {
	const bindings: Binding[] = queues.flatMap(({ name, bindingKeys }) =>
		bindingKeys.map((key) => ({ queue: name, key })),
	);
	const of = new Map<string, Overlap[]>(queues.map(({ name }) => [name, []]));
	const tell = (own: Binding, other: Binding) => {
		const told = of.get(own.queue) as Overlap[];
		const winner = compareBindings(own, other) < 0 ? own.queue : other.queue;
		if (told.length < MOST_TOLD)
			told.push({ bindingKey: own.key, queue: other.queue, otherBindingKey: other.key, winner });
	};
	// Only those that begin with the same word, or with a wild one, can meet.
	const byWord = new Map<string, Binding[]>();
	const wild: Binding[] = [];
	let words = 0;
	const lengths = new Map(bindings.map(({ key }) => [key, key.split('.').length + 1]));
	for (const own of bindings) {
		const [word = ''] = own.key.split('.', 1);
		const candidates = isWild(word) ? [...byWord.values(), wild] : [byWord.get(word) ?? [], wild];
		for (const other of candidates.flat()) {
			if (other.queue === own.queue) continue;
			words += lengths.get(own.key)! * lengths.get(other.key)!;
			if (words > MOST_WORDS) return { of, whole: false };
			if (!overlap(own.key, other.key)) continue;
			tell(own, other);
			tell(other, own);
		}
		if (isWild(word)) wild.push(own);
		else {
			const alike = byWord.get(word);
			if (alike) alike.push(own);
			else byWord.set(word, [own]);
		}
	}
	return { of, whole: true };
};
