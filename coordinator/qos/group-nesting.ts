import { CodedError } from '../../shared/coded-error.ts';

/** Groups inside each other. */
const MOST_DEPTH = 8;

/** Throws `group-cycle`, or `invalid` when groups would lie too deep in each other, unless a group may lie in `parent`. */
export const requireNesting = (
	groups: readonly { seq: number; parentSeq: number | null }[],
	/** Null: a new one. */
	group: number | null,
	parent: number | null,
): void => {
	const parentOf = new Map(groups.map(({ seq, parentSeq }) => [seq, parentSeq]));
	const above = [...pathUp(parentOf, parent)];
	if (group !== null && above.includes(group)) {
		throw new CodedError(
			'group-cycle',
			'The group would lie within itself: choose a parent that is not one of its own.',
		);
	}
	if (above.length + heightOf(parentOf, group) > MOST_DEPTH) {
		throw new CodedError('invalid', `Groups may lie ${MOST_DEPTH} deep in each other: choose a parent further up.`, {
			fields: [{ path: 'parent', message: `would make more than ${MOST_DEPTH} groups inside each other` }],
		});
	}
};

/** A group and those that it lies in, from the inside out; ends even where the ledger has a cycle. */
export function* pathUp(parentOf: ReadonlyMap<number, number | null>, from: number | null): Generator<number> {
	const seen = new Set<number>();
	for (let at = from; at !== null && !seen.has(at); at = parentOf.get(at) ?? null) {
		seen.add(at);
		yield at;
	}
}

/** How many groups lie inside each other from this one downwards, itself included. */
const heightOf = (parentOf: ReadonlyMap<number, number | null>, group: number | null): number => {
	if (group === null) return 1;
	let height = 1;
	for (const seq of parentOf.keys()) {
		const within = [...pathUp(parentOf, seq)].indexOf(group);
		height = Math.max(height, within + 1);
	}
	return height;
};
