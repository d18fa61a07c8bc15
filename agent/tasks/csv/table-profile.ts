import { inputError } from '../task-failure.ts';
import type { JsonObject } from '../task-module.ts';
import { ColumnProfile } from './column-profile.ts';

const MOST_COLUMNS = 1000;
const LONGEST_NAME = 100;
/** Of a sample row in the profile. */
const LONGEST_CELL = 1000;

/** A first row of different words, with no numbers and nothing empty, names the columns. */
const looksLikeHeader = (row: readonly string[]): boolean => {
	const cells = row.map((cell) => cell.trim());
	return new Set(cells).size === cells.length && cells.every((cell) => cell !== '' && !/^[+-]?[\d.,]+$/.test(cell));
};

/** A table row by row. The first row says how many columns there are, and longer ones add to them. */
export class TableProfile {
	readonly columns: ColumnProfile[] = [];
	readonly sample: string[][] = [];
	readonly #header: 'auto' | 'yes' | 'no';
	readonly #sampleRows: number;
	rows = 0;
	/** Rows that have fewer cells than there are columns, or more than there were. */
	uneven = 0;
	hasHeader: boolean | null = null;

	constructor(header: 'auto' | 'yes' | 'no', sampleRows: number) {
		this.#header = header;
		this.#sampleRows = sampleRows;
	}

	add(row: readonly string[]): void {
		if (this.hasHeader === null) {
			this.hasHeader = this.#header === 'auto' ? looksLikeHeader(row) : this.#header === 'yes';
			this.#widen(row.length, this.hasHeader ? row : []);
			if (this.hasHeader) return;
		}
		if (row.length !== this.columns.length) this.uneven += 1;
		this.#widen(row.length, []);
		this.rows += 1;
		for (const [at, column] of this.columns.entries()) {
			const cell = row[at];
			if (cell === undefined) column.addMissing(1);
			else column.add(cell);
		}
		if (this.sample.length < this.#sampleRows) this.sample.push(row.map((cell) => cell.slice(0, LONGEST_CELL)));
	}

	profiles(): JsonObject[] {
		return this.columns.map((column) => column.profile());
	}

	#widen(width: number, names: readonly string[]): void {
		if (width > MOST_COLUMNS) {
			throw inputError('csv-columns', `A row has ${width} cells; at most ${MOST_COLUMNS} columns are looked at.`);
		}
		for (let at = this.columns.length; at < width; at++) {
			const name = names[at]?.trim() ?? '';
			const column = new ColumnProfile(name === '' ? `column ${at + 1}` : name.slice(0, LONGEST_NAME));
			column.addMissing(this.rows);
			this.columns.push(column);
		}
	}
}
