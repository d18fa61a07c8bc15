import { nameKey } from '../../../shared/name-key.ts';
import type { GroupView } from '../../../shared/protocol/group.ts';

type Node = Pick<GroupView, 'id' | 'name' | 'parent'>;

/** Groups may not lie in each other in a circle; if they did, nothing here would hang. */
const MOST_DEEP = 64;

/** By id or by name, as one finds it in an address. */
export const groupCalled = <T extends Node>(groups: readonly T[], called: string): T | undefined =>
	groups.find(({ id }) => id === called) ?? groups.find(({ name }) => nameKey(name) === nameKey(called));

/** Groups in which it may lie: not itself, nor one within it. */
export const possibleParents = <T extends Node>(groups: readonly T[], group: Pick<Node, 'id'>): T[] => {
	const within = new Set([group.id]);
	for (let depth = 0, before = 0; within.size !== before && depth < MOST_DEEP; depth += 1) {
		before = within.size;
		for (const { id, parent } of groups) if (parent !== null && within.has(parent)) within.add(id);
	}
	return groups.filter(({ id }) => !within.has(id));
};

/** Names in a text, each once. */
export const namesIn = (text: string): string[] => [
	...new Set(
		text
			.split(/[\n,;]/)
			.map((name) => name.trim())
			.filter((name) => name !== ''),
	),
];
