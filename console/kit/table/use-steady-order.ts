import { useRef, useState } from 'react';

/** Rows as they stood; what has come since is last. */
export const inOrderOf = <T>(rows: readonly T[], held: readonly string[], keyOf: (row: T) => string): readonly T[] => {
	const place = new Map(held.map((key, at) => [key, at]));
	return [...rows].sort((a, b) => (place.get(keyOf(a)) ?? place.size) - (place.get(keyOf(b)) ?? place.size));
};

/** Rows stay where they are while the pointer is among them, whatever their values become. */
export const useSteadyOrder = <T>(rows: readonly T[], keyOf: (row: T) => string) => {
	const [held, setHeld] = useState<readonly string[] | null>(null);
	const latest = useRef(rows);
	latest.current = rows;
	const hold = () => setHeld((before) => before ?? latest.current.map(keyOf));
	const release = () => setHeld(null);
	return {
		rows: held === null ? rows : inOrderOf(rows, held, keyOf),
		release,
		listeners: { onPointerEnter: hold, onPointerLeave: release },
	};
};
