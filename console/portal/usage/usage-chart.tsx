import { NativeSelect, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { UsageAnswer } from '../../../shared/protocol/usage.ts';
import { dayInWords } from '../../kit/month.ts';
import pageClasses from '../../kit/shell/page.module.css';
import { barsOf, chartSummary, type DayBar } from './chart-data.ts';
import classes from './usage.module.css';
import { MEASURE_WORDS, MEASURES, type Measure, valueWords } from './usage-words.ts';

interface UsageChartProps {
	items: UsageAnswer['items'];
	days: readonly string[];
	currency: string | null;
	/** What may be used in the month, of what has a limit. */
	limits: Partial<Record<Measure, number>>;
}

/** The month day by day: as bars, in words, and as a table. */
export const UsageChart = ({ items, days, currency, limits }: UsageChartProps) => {
	const isPriced = currency !== null;
	const [chosen, setChosen] = useState<Measure | null>(null);
	const [isSoFar, setSoFar] = useState(false);
	const measure = chosen ?? (isPriced ? 'cost' : 'cpu');
	const bars = barsOf(measure, items, days);
	const limit = limits[measure] ?? null;
	const summary = chartSummary(measure, bars, currency, limit);
	const words = (value: number): string => valueWords(measure, value, currency);
	return (
		<section className={pageClasses.card}>
			<div className={pageClasses.cardHead}>
				<h2>Day by day</h2>
				<div className={classes.choices}>
					<NativeSelect
						aria-label="What is shown"
						data={MEASURES.filter((one) => one !== 'cost' || isPriced).map((one) => ({
							value: one,
							label: MEASURE_WORDS[one],
						}))}
						value={measure}
						onChange={(event) => setChosen(event.currentTarget.value as Measure)}
					/>
					<SegmentedControl
						aria-label="How it is shown"
						data={[
							{ value: 'day', label: 'Each day' },
							{ value: 'so-far', label: 'Added up' },
						]}
						value={isSoFar ? 'so-far' : 'day'}
						onChange={(value) => setSoFar(value === 'so-far')}
					/>
				</div>
			</div>
			<figure className={classes.figure}>
				<Bars
					bars={bars.map((bar) => ({ ...bar, value: isSoFar ? bar.soFar : bar.value }))}
					limit={isSoFar ? limit : null}
					words={words}
					label={`${MEASURE_WORDS[measure]}, ${isSoFar ? 'added up' : 'by day'}. ${summary}`}
				/>
				<figcaption className={pageClasses.quiet}>{summary}</figcaption>
			</figure>
			<details className={classes.twin}>
				<summary>Show as a table</summary>
				<table className={classes.table}>
					<thead>
						<tr>
							<th scope="col">Day (UTC)</th>
							<th scope="col">{MEASURE_WORDS[measure]}</th>
							<th scope="col">Added up</th>
						</tr>
					</thead>
					<tbody>
						{bars.map(({ day, value, soFar }) => (
							<tr key={day}>
								<th scope="row">{day}</th>
								<td>{words(value)}</td>
								<td>{words(soFar)}</td>
							</tr>
						))}
					</tbody>
				</table>
			</details>
		</section>
	);
};

interface BarsProps {
	bars: readonly Pick<DayBar, 'day' | 'value'>[];
	limit: number | null;
	words(value: number): string;
	label: string;
}

const Bars = ({ bars, limit, words, label }: BarsProps) => {
	const most = Math.max(limit ?? 0, ...bars.map(({ value }) => value));
	// A day on which a little was used shows that there was something.
	const heightOf = (value: number): number => (most <= 0 || value <= 0 ? 0 : Math.max(1.5, (value / most) * 100));
	return (
		<div className={classes.plot}>
			<span className={classes.most} aria-hidden>
				{words(most)}
				{limit !== null && limit === most && ' (limit)'}
			</span>
			<svg
				className={classes.bars}
				viewBox={`0 0 ${Math.max(bars.length, 1)} 100`}
				preserveAspectRatio="none"
				role="img"
				aria-label={label}
			>
				{bars.map(({ day, value }, at) => (
					<g key={day}>
						<title>{`${dayInWords(day)}: ${words(value)}`}</title>
						<rect className={classes.day} x={at} y={0} width={1} height={100} />
						<rect
							className={classes.bar}
							data-over={(limit !== null && value > limit) || undefined}
							x={at + 0.14}
							y={100 - heightOf(value)}
							width={0.72}
							height={heightOf(value)}
						/>
					</g>
				))}
				{limit !== null && most > 0 && (
					<line
						className={classes.limit}
						x1={0}
						x2={bars.length}
						y1={100 - (limit / most) * 100}
						y2={100 - (limit / most) * 100}
						vectorEffect="non-scaling-stroke"
					/>
				)}
			</svg>
			<div className={classes.axis} aria-hidden>
				<span>{dayInWords(bars[0]?.day ?? '2000-01-01')}</span>
				{bars.length > 1 && <span>{dayInWords(bars.at(-1)?.day ?? '2000-01-01')}</span>}
			</div>
		</div>
	);
};
