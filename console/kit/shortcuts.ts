import { useEffect, useRef } from 'react';

/** `?`, `/`, or two keys after each other such as `g f`; to what it does. */
export type Shortcuts = Record<string, () => void>;

const SEQUENCE_MS = 1_200;

/** Follows keys one by one and tells which shortcut they complete. Pure but for the clock that it is given. */
export class KeySequence {
	#last: { key: string; at: number } | null = null;

	/** The name of the shortcut that this key completes, or null. */
	press(key: string, at: number, names: readonly string[]): string | null {
		const last = this.#last;
		this.#last = { key, at };
		if (last !== null && at - last.at <= SEQUENCE_MS) {
			const pair = `${last.key} ${key}`;
			if (names.includes(pair)) {
				this.#last = null;
				return pair;
			}
		}
		return names.includes(key) ? key : null;
	}
}

/** Typing is never a shortcut, nor is anything while a dialog is open. */
const isTaken = (event: KeyboardEvent): boolean => {
	const { target } = event;
	if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
	if (!(target instanceof HTMLElement)) return false;
	return target.isContentEditable || target.closest('input, textarea, select, [role="dialog"], [role="menu"]') !== null;
};

/** Keys that work anywhere on the page. */
export const useShortcuts = (shortcuts: Shortcuts): void => {
	const current = useRef(shortcuts);
	current.current = shortcuts;
	useEffect(() => {
		const sequence = new KeySequence();
		const listen = (event: KeyboardEvent) => {
			if (isTaken(event)) return;
			const name = sequence.press(event.key, event.timeStamp, Object.keys(current.current));
			if (name === null) return;
			event.preventDefault();
			current.current[name]?.();
		};
		window.addEventListener('keydown', listen);
		return () => window.removeEventListener('keydown', listen);
	}, []);
};
