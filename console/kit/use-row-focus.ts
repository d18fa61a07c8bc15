import { useEffect, useRef } from 'react';
import type { ListSelection } from './use-selection.ts';

/** Focus goes where a key has led, and stays in the list when its row goes away. */
export const useRowFocus = (
	body: { current: HTMLElement | null },
	{ moved, selection: { current } }: ListSelection,
): void => {
	const wasIn = useRef(false);
	useEffect(() => {
		if (moved === null) return;
		// A virtual list draws the row first.
		const frame = requestAnimationFrame(() => {
			const row = rowOf(body, moved.id);
			row?.focus({ preventScroll: true });
			row?.scrollIntoView({ block: 'nearest' });
		});
		return () => cancelAnimationFrame(frame);
	}, [moved, body]);
	useEffect(() => {
		if (wasIn.current && current !== null && document.activeElement === document.body) rowOf(body, current)?.focus();
	}, [current, body]);
	useEffect(() => {
		const look = () => {
			wasIn.current = body.current?.contains(document.activeElement) ?? false;
		};
		document.addEventListener('focusin', look);
		return () => document.removeEventListener('focusin', look);
	}, [body]);
};

const rowOf = (body: { current: HTMLElement | null }, id: string): HTMLElement | null =>
	body.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`) ?? null;
