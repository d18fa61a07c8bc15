/** Which rows are selected, which one the keyboard is on, and where a range began. All by id, so that rows may come and go. */
export interface Selection {
	chosen: ReadonlySet<string>;
	current: string | null;
	anchor: string | null;
}

export const NO_SELECTION: Selection = { chosen: new Set(), current: null, anchor: null };

/** Selects one more or one less; ranges begin here from now on. */
export const toggle = (selection: Selection, id: string): Selection => {
	const chosen = new Set(selection.chosen);
	if (!chosen.delete(id)) chosen.add(id);
	return { chosen, current: id, anchor: id };
};

/** Selects everything from where the range began to this row, and nothing else. */
export const extendTo = (selection: Selection, id: string, order: readonly string[]): Selection => {
	const from = order.indexOf(selection.anchor ?? selection.current ?? id);
	const to = order.indexOf(id);
	if (to === -1) return selection;
	const start = from === -1 ? to : from;
	const chosen = new Set(order.slice(Math.min(start, to), Math.max(start, to) + 1));
	return { chosen, current: id, anchor: order[start] ?? id };
};

export const selectAll = (selection: Selection, order: readonly string[]): Selection => ({
	...selection,
	chosen: new Set(order),
});

export const clear = (selection: Selection): Selection =>
	selection.chosen.size === 0 ? selection : { ...selection, chosen: new Set(), anchor: null };

/** The row to which a key leads, or null when the key is not about rows. */
export const rowAfterKey = (key: string, current: string | null, order: readonly string[]): string | null => {
	const at = current === null ? -1 : order.indexOf(current);
	const last = order.length - 1;
	const to: Record<string, number> = {
		ArrowDown: Math.min(at + 1, last),
		ArrowUp: Math.max(at - 1, 0),
		Home: 0,
		End: last,
		PageDown: Math.min(at + 10, last),
		PageUp: Math.max(at - 10, 0),
	};
	const next = Object.hasOwn(to, key) ? to[key] : undefined;
	return next === undefined ? null : (order[next] ?? null);
};

/** The selection without rows that are gone; the keyboard goes to the row that took the place of the one that went. */
export const keepPresent = (selection: Selection, before: readonly string[], after: readonly string[]): Selection => {
	const present = new Set(after);
	const chosen = new Set([...selection.chosen].filter((id) => present.has(id)));
	const { current } = selection;
	const gone = current !== null && !present.has(current);
	if (!gone && chosen.size === selection.chosen.size) return selection;
	const place = current === null ? -1 : before.indexOf(current);
	const next = gone ? (after[Math.min(Math.max(place, 0), after.length - 1)] ?? null) : current;
	const anchor = selection.anchor !== null && present.has(selection.anchor) ? selection.anchor : null;
	return { chosen, current: next, anchor };
};
