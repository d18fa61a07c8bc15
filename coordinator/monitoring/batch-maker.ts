import { type HistoryKind, MOST_MEASURES, measuresOf } from '../../shared/protocol/history.ts';
import type { Batch } from './history-store.ts';
import { ABSENT } from './points.ts';

type Values = Partial<Record<string, number | null>>;

/** Puts together what is measured until it is written. */
export class BatchMaker {
	#series: [HistoryKind, string][] = [];
	#places = new Map<string, number>();
	#rows: number[] = [];
	#values: number[] = [];

	get size(): number {
		return this.#rows.length / 2;
	}

	/** What is not among the measures of the kind is left out, and so is what is no number. */
	add(kind: HistoryKind, name: string, second: number, values: Values): void {
		const key = `${kind} ${name}`;
		let place = this.#places.get(key);
		if (place === undefined) {
			place = this.#series.push([kind, name]) - 1;
			this.#places.set(key, place);
		}
		this.#rows.push(place, second);
		const measures = measuresOf(kind);
		for (let i = 0; i < MOST_MEASURES; i += 1) {
			const value = values[measures[i] ?? ''];
			this.#values.push(typeof value === 'number' && Number.isFinite(value) ? value : ABSENT);
		}
	}

	/** All of it; begins anew. */
	take(): Batch {
		const batch: Batch = {
			series: this.#series,
			rows: Int32Array.from(this.#rows),
			values: Float32Array.from(this.#values),
			width: MOST_MEASURES,
		};
		this.#series = [];
		this.#places = new Map();
		this.#rows = [];
		this.#values = [];
		return batch;
	}
}
