import { createHash } from 'node:crypto';
import type { JsonObject } from '../task-module.ts';

const MOST_DISTINCT = 1000;
/** A longer value is remembered by its hash. */
const LONGEST_KEPT = 64;
const EXAMPLES = 5;
const LONGEST_EXAMPLE = 60;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;
const INTEGER = /^[+-]?\d{1,15}$/;
const DATE = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;
const BOOLEAN = /^(true|false|yes|no)$/i;

type CellType = 'integer' | 'number' | 'date' | 'boolean' | 'text';

const typeOf = (cell: string): CellType => {
	if (cell.length > LONGEST_KEPT) return 'text';
	if (INTEGER.test(cell)) return 'integer';
	if (NUMBER.test(cell)) return 'number';
	if (DATE.test(cell)) return 'date';
	return BOOLEAN.test(cell) ? 'boolean' : 'text';
};

/** The type that both are: a column of whole and broken numbers is one of numbers, one of numbers and words is text. */
const joined = (a: CellType | null, b: CellType): CellType => {
	if (a === null || a === b) return b;
	const areNumbers = (a === 'integer' || a === 'number') && (b === 'integer' || b === 'number');
	return areNumbers ? 'number' : 'text';
};

/** What the cells of one column have in common, cell by cell, in bounded memory. */
export class ColumnProfile {
	readonly name: string;
	readonly #distinct = new Set<string>();
	readonly #examples: string[] = [];
	#isMoreDistinct = false;
	#type: CellType | null = null;
	#empty = 0;
	#numbers = 0;
	#mean = 0;
	#min = Number.POSITIVE_INFINITY;
	#max = Number.NEGATIVE_INFINITY;
	#first: string | null = null;
	#last: string | null = null;

	constructor(name: string) {
		this.name = name;
	}

	add(raw: string): void {
		const cell = raw.trim();
		if (cell === '') {
			this.#empty += 1;
			return;
		}
		const type = typeOf(cell);
		this.#type = joined(this.#type, type);
		if (type === 'integer' || type === 'number') this.#addNumber(Number(cell));
		if (type === 'date') {
			if (this.#first === null || cell < this.#first) this.#first = cell;
			if (this.#last === null || cell > this.#last) this.#last = cell;
		}
		this.#see(cell);
	}

	/** Cells that a short row does not have. */
	addMissing(count: number): void {
		this.#empty += count;
	}

	/** `min`, `max` and `mean` of a column of numbers, the first and the last of one of dates; `distinct` counts to a thousand. */
	profile(): JsonObject {
		const type = this.#type ?? 'empty';
		const base: JsonObject = {
			name: this.name,
			type,
			empty: this.#empty,
			distinct: this.#distinct.size,
			isMoreDistinct: this.#isMoreDistinct,
			examples: this.#examples,
		};
		if ((type === 'integer' || type === 'number') && this.#numbers > 0) {
			return { ...base, min: this.#min, max: this.#max, mean: this.#mean };
		}
		return type === 'date' ? { ...base, min: this.#first, max: this.#last } : base;
	}

	#addNumber(value: number): void {
		if (!Number.isFinite(value)) return;
		this.#numbers += 1;
		// So that no sum gets out of what a number holds.
		this.#mean += (value - this.#mean) / this.#numbers;
		this.#min = Math.min(this.#min, value);
		this.#max = Math.max(this.#max, value);
	}

	#see(cell: string): void {
		const key = cell.length > LONGEST_KEPT ? createHash('sha1').update(cell).digest('base64') : cell;
		if (this.#distinct.has(key)) return;
		if (this.#distinct.size >= MOST_DISTINCT) {
			this.#isMoreDistinct = true;
			return;
		}
		this.#distinct.add(key);
		if (this.#examples.length < EXAMPLES) {
			this.#examples.push(cell.length > LONGEST_EXAMPLE ? `${cell.slice(0, LONGEST_EXAMPLE)}…` : cell);
		}
	}
}
