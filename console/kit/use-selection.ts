import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import {
	clear,
	extendTo,
	keepPresent,
	NO_SELECTION,
	rowAfterKey,
	type Selection,
	selectAll,
	toggle,
} from './selection.ts';

/** What may be done to a selection; the same object as long as the list lives, so that rows need not be drawn again. */
export interface SelectionActs {
	toggle(id: string, range: boolean): void;
	focus(id: string): void;
	clear(): void;
	all(): void;
}

/** What a list needs to be used by keyboard and mouse alike. */
export interface ListSelection {
	selection: Selection;
	/** The row that Tab leads to. */
	tabStop: string | null;
	/** Where a key has just led; another object for each key. */
	moved: { id: string } | null;
	acts: SelectionActs;
	/** For the list's `onKeyDown`; true when the key was used. */
	onKey(event: KeyboardEvent): boolean;
}

/** Keeps a selection over rows in this order. */
export const useSelection = (order: readonly string[]): ListSelection => {
	const [moved, setMoved] = useState<{ id: string } | null>(null);
	const [selection, setSelection] = useState(NO_SELECTION);
	const shown = useRef(order);
	useEffect(() => {
		const before = shown.current;
		shown.current = order;
		setSelection((was) => keepPresent(was, before, order));
	}, [order]);
	const acts = useMemo<SelectionActs>(
		() => ({
			toggle: (id, range) => setSelection((was) => (range ? extendTo(was, id, shown.current) : toggle(was, id))),
			focus: (id) => setSelection((was) => (was.current === id ? was : { ...was, current: id })),
			clear: () => setSelection(clear),
			all: () => setSelection((was) => selectAll(was, shown.current)),
		}),
		[],
	);

	const onKey = (event: KeyboardEvent): boolean => {
		const next = rowAfterKey(event.key, selection.current, order);
		const held = event.ctrlKey || event.metaKey;
		if (next !== null && !held && !event.altKey) {
			setSelection((was) => (event.shiftKey ? extendTo(was, next, order) : { ...was, current: next, anchor: null }));
			setMoved({ id: next });
		} else if (event.key === ' ' && selection.current !== null) setSelection(toggle(selection, selection.current));
		else if (event.key === 'a' && held) acts.all();
		else if (event.key === 'Escape' && selection.chosen.size > 0) acts.clear();
		else return false;
		event.preventDefault();
		return true;
	};
	return { selection, moved, acts, tabStop: selection.current ?? order[0] ?? null, onKey };
};
