import { barPlot } from '../../../shared/bar-plot.ts';
import { durationInWords } from '../../../shared/duration-words.ts';
import { linePlot } from '../../../shared/line-plot.ts';
import { escaped } from '../../../shared/plot-frame.ts';
import type { WhatIfAnswer } from '../../../shared/protocol/what-if.ts';
import { localTime } from '../terminal/words.ts';
import { clock, clockTicks, isShortTime } from './clock-ticks.ts';

const HOUR_MS = 3_600_000;
/** Lines of a plot that can still be told apart, before and after each. */
const MOST_IN_A_PLOT = 4;
/** Rows of the table below a plot of a period. */
const ROWS = 20;

interface Span {
	from: number;
	to: number;
}

interface Pair {
	name: string;
	before: readonly number[];
	after: readonly number[];
}

/** One page with everything in it: no scripts, nothing loaded from elsewhere. */
export const htmlReport = (answer: WhatIfAnswer, change: string): string => {
	const { from, to, sentences, classes, people, totals, series, fidelity, notes, tasks } = answer;
	const span: Span = { from: Date.parse(from), to: Date.parse(to) };
	const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
	const use = series.used.map(({ group, before, after }): Pair => {
		return { name: group, before: inPercent(before), after: inPercent(after) };
	});
	const depth = series.depth.map(({ serviceClass, before, after }): Pair => ({ name: serviceClass, before, after }));
	const parts = [
		`<h1>What if: ${escaped(change)}</h1>`,
		`<p>${localTime(from)} to ${localTime(to)} (${escaped(zone)})</p>`,
		`<p>${tasks.toLocaleString('en')} tasks, played twice through the scheduler: as it was, and with the change.</p>`,
		list(sentences),
		'<h2>Waits by class</h2>',
		waitsPlot(answer, 'p50Ms', 'Median wait by class'),
		waitsPlot(answer, 'p95Ms', 'Wait that 95 % of the tasks do not exceed, by class'),
		table(
			['class', 'tasks', 'median before', 'after', 'p95 before', 'after', 'share by cost before', 'after'],
			classes.map(({ name, before, after }) => [
				name,
				before.waits.tasks.toLocaleString('en'),
				durationInWords(before.waits.p50Ms),
				durationInWords(after.waits.p50Ms),
				durationInWords(before.waits.p95Ms),
				durationInWords(after.waits.p95Ms),
				shareOf(
					before.costMs,
					classes.map((one) => one.before.costMs),
				),
				shareOf(
					after.costMs,
					classes.map((one) => one.after.costMs),
				),
			]),
		),
		'<h2>Slots in use</h2>',
		...plotsOf(use, 'Slots in use', '% of the slots', span),
		'<h2>Tasks in line</h2>',
		...plotsOf(depth, 'Tasks in line', 'tasks', span),
		'<h2>People</h2>',
		`<p>Of ${people.total}, ${people.losers} wait longer and ${people.winners} shorter at the median, by more than a second and 5 %.</p>`,
		peopleTable('Longer', people.mostLost),
		peopleTable('Shorter', people.mostWon),
		'<h2>In all</h2>',
		table(
			['', 'before', 'after'],
			[
				['starts an hour', totals.before.startsPerHour.toFixed(1), totals.after.startsPerHour.toFixed(1)],
				['slots in use', percent(totals.before.used), percent(totals.after.used)],
				['never started', String(totals.before.neverStarted), String(totals.after.neverStarted)],
				['idle-only runs that gave way', String(totals.before.preempted), String(totals.after.preempted)],
				['runs lost with their node', String(totals.before.lost), String(totals.after.lost)],
			],
		),
		'<h2>How near this is to what happened</h2>',
		'<p>The median waits that were really measured, and those of the simulation in which nothing was changed.</p>',
		table(
			['class', 'waits', 'real', 'simulated'],
			fidelity.map(({ serviceClass, tasks: waits, realP50Ms, simulatedP50Ms }) => [
				serviceClass,
				waits.toLocaleString('en'),
				durationInWords(realP50Ms),
				durationInWords(simulatedP50Ms),
			]),
		),
		list(notes),
	];
	return `${HEAD}\n${parts.filter((part) => part !== '').join('\n')}\n</body></html>\n`;
};

const HEAD = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Millrace: what if</title>
<style>
:root { color-scheme: light dark }
body { overflow-wrap: anywhere; font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; background: #fff; color: #222 }
table { border-collapse: collapse; margin: 0.5rem 0 1.5rem }
th, td { padding: 0.2rem 0.8rem; border-bottom: 1px solid #8884; text-align: right; font-variant-numeric: tabular-nums }
th:first-child, td:first-child { text-align: left }
table { overflow-wrap: normal }
.wide { overflow-x: auto }
svg { max-width: 100%; height: auto; display: block; margin: 1rem 0 }
@media (prefers-color-scheme: dark) { body { background: #16181c; color: #ddd } }
</style></head><body>`;

const waitsPlot = ({ classes }: WhatIfAnswer, which: 'p50Ms' | 'p95Ms', title: string): string =>
	barPlot({
		title,
		xLabel: 'service class',
		yLabel: 'seconds',
		series: ['before', 'after'],
		groups: classes.slice(0, 12).map(({ name, before, after }) => ({
			name,
			values: [before.waits[which] / 1_000, after.waits[which] / 1_000],
		})),
	});

/** A plot for every few, and a table below each that says the same. */
const plotsOf = (pairs: readonly Pair[], title: string, unit: string, { from, to }: Span): string[] => {
	const plots: string[] = [];
	const isShort = isShortTime(from, to);
	const hours = (to - from) / HOUR_MS;
	const xLabel = isShort ? 'local time' : 'hours since the beginning';
	const ticks = isShort ? { xTicks: clockTicks(from, to) } : {};
	for (let at = 0; at < pairs.length; at += MOST_IN_A_PLOT) {
		const some = pairs.slice(at, at + MOST_IN_A_PLOT);
		const lines = some.flatMap(({ name, before, after }, i) => [
			{ name: `${name}, before`, values: before, dashed: true, colour: i },
			{ name: `${name}, after`, values: after, colour: i },
		]);
		plots.push(linePlot({ title, xLabel, xMost: hours, ...ticks, yLabel: unit, lines }));
		const heads = [isShort ? 'from' : 'hours', ...lines.map(({ name }) => name)];
		const rows = Array.from({ length: ROWS }, (_, row) => [
			isShort ? clock(from + ((to - from) * row) / ROWS, (to - from) / ROWS) : ((hours * row) / ROWS).toFixed(2),
			...lines.map(({ values }) => meanOfPiece(values, row).toFixed(1)),
		]);
		plots.push(
			`<details><summary>${escaped(title)} as a table (${escaped(unit)})</summary>${table(heads, rows)}</details>`,
		);
	}
	return plots;
};

const meanOfPiece = (values: readonly number[], row: number): number => {
	const piece = values.slice(Math.floor((row * values.length) / ROWS), Math.floor(((row + 1) * values.length) / ROWS));
	return piece.length === 0 ? 0 : piece.reduce((a, b) => a + b, 0) / piece.length;
};

const peopleTable = (title: string, people: WhatIfAnswer['people']['mostLost']): string => {
	if (people.length === 0) return '';
	const rows = people.map(({ username, owner, before, after }) => [
		username ?? `person ${owner}`,
		String(before.waits.tasks),
		durationInWords(before.waits.p50Ms),
		durationInWords(after.waits.p50Ms),
	]);
	return `<h3>${title}</h3>${table(['person', 'tasks', 'median before', 'after'], rows)}`;
};

const list = (sentences: readonly string[]): string =>
	sentences.length === 0 ? '' : `<ul>${sentences.map((one) => `<li>${escaped(one)}</li>`).join('')}</ul>`;

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string => {
	const head = heads.map((one) => `<th scope="col">${escaped(one)}</th>`).join('');
	const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`).join('\n');
	return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
};

const inPercent = (values: readonly number[]): number[] => values.map((value) => value * 100);

const percent = (share: number): string => `${Math.round(share * 100)} %`;

const shareOf = (part: number, all: readonly number[]): string => {
	const sum = all.reduce((a, b) => a + b, 0);
	return sum === 0 ? '' : percent(part / sum);
};
