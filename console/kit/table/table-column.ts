import type { ReactNode } from 'react';

/** What a cell is sorted and exported by. */
export type CellValue = string | number | null;

export interface TableColumn<T> {
	/** In the address and in CSV's first line it is `head` that people read; this is what the address says. */
	name: string;
	head: string;
	cell(row: T): ReactNode;
	/** What the column is sorted by and what CSV holds; without it, it is neither. */
	value?(row: T): CellValue;
	/** Numbers stand at the end. */
	isNumber?: boolean;
	/** A track of the grid, such as `minmax(120px, 2fr)`; without one `minmax(0, 1fr)`. */
	width?: string;
}

export interface Sorting {
	column: string;
	isDescending: boolean;
}

/** `-started` is by `started` from the last to the first. */
export const sortingOf = (text: string): Sorting | null =>
	text === '' ? null : { column: text.replace(/^-/, ''), isDescending: text.startsWith('-') };

export const sortingText = ({ column, isDescending }: Sorting): string => `${isDescending ? '-' : ''}${column}`;

const compare = (a: CellValue, b: CellValue): number =>
	typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en', { numeric: true });

/** The rows in order; rows without a value are last either way, and equal ones stay as they were. */
export const sorted = <T>(rows: readonly T[], columns: readonly TableColumn<T>[], by: Sorting | null): readonly T[] => {
	const value = by === null ? undefined : columns.find(({ name }) => name === by.column)?.value;
	if (by === null || value === undefined) return rows;
	const sign = by.isDescending ? -1 : 1;
	return rows
		.map((row) => ({ row, at: value(row) }))
		.sort((a, b) => {
			if (a.at === null || b.at === null) return Number(a.at === null) - Number(b.at === null);
			return sign * compare(a.at, b.at);
		})
		.map(({ row }) => row);
};
