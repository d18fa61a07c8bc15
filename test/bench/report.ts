import { cpus, totalmem } from 'node:os';
import { type Figure, median } from './figure.ts';

/** All runs of one figure. */
export interface Row {
	benchmark: string;
	what: string;
	unit: string;
	values: number[];
	bar: Figure['bar'];
}

/** Collects the figures of every repeat under their names, in the order in which they first came. */
export class Report {
	readonly rows: Row[] = [];
	readonly notMeasured: { what: string; why: string }[] = [];

	add(benchmark: string, figures: readonly Figure[]): void {
		for (const { what, unit, value, bar } of figures) {
			let row = this.rows.find((known) => known.benchmark === benchmark && known.what === what);
			if (!row) {
				row = { benchmark, what, unit, values: [], bar };
				this.rows.push(row);
			}
			row.values.push(value);
		}
	}

	/** Figures that do not reach their bar. */
	get missed(): Row[] {
		return this.rows.filter((row) => verdict(row) === MISSED);
	}

	/** One line of facts about the machine, without which figures say little. */
	get machine(): string {
		const model = cpus()[0]?.model ?? 'unknown processor';
		const memory = Math.round(totalmem() / 2 ** 30);
		return `${cpus().length} cores (${model}), ${memory} GiB, ${process.platform}, Node.js ${process.versions.node}`;
	}

	table(): string {
		const lines = this.rows.map((row) => {
			const low = Math.min(...row.values);
			const high = Math.max(...row.values);
			const spread = row.values.length > 1 ? `${number(low)}..${number(high)}` : '';
			return [row.what, `${number(median(row.values))} ${row.unit}`, spread, barText(row), verdict(row)];
		});
		const all = [['what', 'median', 'min..max', 'bar', ''], ...lines];
		const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((line) => (line[column] as string).length)));
		const rendered = all.map((line) => `| ${line.map((cell, i) => cell.padEnd(widths[i] as number)).join(' | ')} |`);
		rendered.splice(1, 0, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
		for (const { what, why } of this.notMeasured) rendered.push(`NOT MEASURED: ${what}: ${why}`);
		return rendered.join('\n');
	}
}

const number = (value: number): string => {
	if (value >= 1000) return Math.round(value).toLocaleString('en-US');
	return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
};

const barText = ({ bar }: Row): string => {
	if (!bar) return '';
	return 'least' in bar ? `>= ${number(bar.least)}` : `<= ${number(bar.most)}`;
};

const MISSED = 'MISSED';

const verdict = ({ bar, values }: Row): string => {
	if (!bar) return '';
	const value = median(values);
	return ('least' in bar ? value >= bar.least : value <= bar.most) ? 'reached' : MISSED;
};
