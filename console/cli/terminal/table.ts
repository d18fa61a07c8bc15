import type { Output, Style } from './output.ts';
import { printable } from './printable.ts';
import { padded, shortened, textWidth } from './text-width.ts';

export interface Column {
	title: string;
	/** Numbers stand at the right. */
	side?: 'left' | 'right';
}
export interface Cell {
	text: string;
	style: Style | undefined;
}

const GAP = 2;

/**
 * Columns as wide as their widest cell. On a terminal of so many columns the last one is shortened to fit; elsewhere
 * nothing is left out. Cells come out printable.
 */
export const layTable = (
	columns: readonly Column[],
	rows: readonly (readonly (string | Cell)[])[],
	width: number | null,
): Cell[][] => {
	const heads = columns.map(({ title }): Cell => ({ text: title, style: 'dim' }));
	const cells = [
		heads,
		...rows.map((row) => row.map((cell) => (typeof cell === 'string' ? { text: cell, style: undefined } : cell))),
	];
	const clean = cells.map((row) => row.map(({ text, style }) => ({ text: printable(text), style })));
	const widths = columns.map((_, i) => Math.max(0, ...clean.map((row) => textWidth(row[i]?.text ?? ''))));
	const last = columns.length - 1;
	const before = widths.slice(0, last).reduce((sum, one) => sum + one + GAP, 0);
	const room = width === null ? Number.POSITIVE_INFINITY : Math.max(8, width - before);
	return clean.map((row) =>
		row.map(({ text, style }, i) => {
			if (i < last) return { text: padded(text, widths[i] ?? 0, columns[i]?.side) + ' '.repeat(GAP), style };
			const short = shortened(text, room);
			return {
				text: columns[i]?.side === 'right' ? padded(short, Math.min(room, widths[i] ?? 0), 'right') : short,
				style,
			};
		}),
	);
};

/** Prints a table; nothing at all when it has no rows. */
export const printTable = (
	out: Output,
	columns: readonly Column[],
	rows: readonly (readonly (string | Cell)[])[],
): void => {
	if (rows.length === 0) return;
	for (const row of layTable(columns, rows, out.isTerminal ? out.columns : null)) out.parts(...row);
};
