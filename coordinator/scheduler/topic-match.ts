/** A queue's binding key: words, `*` for one word, `#` for any number of words, none included (AMQP topic rules). */
export interface Binding {
	queue: string;
	key: string;
}

interface TrieNode {
	words: Map<string, TrieNode> | null;
	star: TrieNode | null;
	hash: TrieNode | null;
	/** This node is a `#` and stays for every further word. */
	isHash: boolean;
	/** Places in the list of bindings, most specific first, that end here. */
	ends: number[];
}

const newNode = (isHash: boolean): TrieNode => ({ words: null, star: null, hash: null, isHash, ends: [] });

const wordsOf = (key: string): string[] => (key === '' ? [] : key.split('.'));

const wildness = (word: string): number => (word === '#' ? 2 : word === '*' ? 1 : 0);

/**
 * Orders bindings by how specific they are: word by word a literal before `*` before `#`, then more words, then queue
 * name. Negative when `a` wins.
 */
export const compareBindings = (a: Binding, b: Binding): number => {
	const left = wordsOf(a.key);
	const right = wordsOf(b.key);
	for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
		const difference = wildness(left[i]!) - wildness(right[i]!);
		if (difference !== 0) return difference;
	}
	if (left.length !== right.length) return right.length - left.length;
	if (a.queue !== b.queue) return a.queue < b.queue ? -1 : 1;
	return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
};

/** All bindings of all queues in one trie. Time goes with words x states, so no pattern of `#` can blow it up. */
export class TopicMatcher {
	readonly #bindings: readonly Binding[];
	readonly #root = newNode(false);

	constructor(bindings: readonly Binding[]) {
		this.#bindings = [...bindings].sort(compareBindings);
		for (const [place, { key }] of this.#bindings.entries()) {
			let node = this.#root;
			for (const word of wordsOf(key)) node = childOf(node, word);
			node.ends.push(place);
		}
	}

	/** Every binding that matches, most specific first. */
	matches(routingKey: string): Binding[] {
		let states = new Set<TrieNode>();
		enter(this.#root, states);
		for (const word of wordsOf(routingKey)) {
			const next = new Set<TrieNode>();
			for (const state of states) {
				if (state.isHash) enter(state, next);
				const literal = state.words?.get(word);
				if (literal) enter(literal, next);
				if (state.star) enter(state.star, next);
			}
			states = next;
			if (states.size === 0) break;
		}
		const places: number[] = [];
		for (const state of states) places.push(...state.ends);
		return places.sort((a, b) => a - b).map((place) => this.#bindings[place]!);
	}
}

const childOf = (node: TrieNode, word: string): TrieNode => {
	if (word === '*') {
		node.star ??= newNode(false);
		return node.star;
	}
	if (word === '#') {
		node.hash ??= newNode(true);
		return node.hash;
	}
	node.words ??= new Map();
	let child = node.words.get(word);
	if (!child) {
		child = newNode(false);
		node.words.set(word, child);
	}
	return child;
};

/** Adds a state and those that `#` reaches from it with no word at all. */
const enter = (node: TrieNode, states: Set<TrieNode>): void => {
	for (let at: TrieNode | null = node; at && !states.has(at); at = at.hash) states.add(at);
};
