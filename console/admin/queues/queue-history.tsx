import { SegmentedControl } from '@mantine/core';
import { Chart } from '../../kit/charts/chart.tsx';
import { chartOf, type HistoryLine } from '../../kit/charts/from-history.ts';
import { formatCount, formatDuration } from '../../kit/format.ts';
import page from '../../kit/shell/page.module.css';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { perSecond } from '../numbers/per-second.ts';
import classes from './queues.module.css';
import { SPANS, type Span, useQueueHistory } from './use-queues.ts';
import { words } from './words.ts';

const rounded = (value: number): string => formatCount(Math.round(value * 10) / 10);

const CHARTS: readonly {
	title: string;
	lines: readonly HistoryLine[];
	atLeast?: number;
	format(value: number): string;
}[] = [
	{
		title: words.chartTasks,
		format: rounded,
		atLeast: 5,
		lines: [
			{ measure: 'depth', name: words.inLine, color: 'indigo' },
			{ measure: 'running', name: words.running, color: 'teal' },
		],
	},
	{
		title: words.chartRates,
		format: perSecond,
		lines: [
			{ measure: 'inPerSecond', name: words.in, color: 'indigo' },
			{ measure: 'outPerSecond', name: words.out, color: 'teal' },
		],
	},
	{
		title: words.chartOldest,
		format: formatDuration,
		atLeast: 1_000,
		lines: [{ measure: 'oldestMs', name: words.oldest, color: 'orange' }],
	},
	{
		title: words.chartWaits,
		format: formatDuration,
		atLeast: 1_000,
		lines: [
			{ measure: 'waitP50Ms', name: words.half, color: 'indigo' },
			{ measure: 'waitP95Ms', name: words.nearlyAll, color: 'grape' },
		],
	},
];

const isSpan = (text: string): text is Span => text in SPANS;

/** How a queue has gone; the time shown is in the address. */
export const QueueHistory = ({ name }: { name: string }) => {
	const [chosen, choose] = useSearchParam('span');
	const span = isSpan(chosen) ? chosen : 'hour';
	const query = useQueueHistory(name, span);
	return (
		<>
			<div className={page.cardHead}>
				<h2>{words.history}</h2>
				<SegmentedControl
					size="xs"
					aria-label={words.span}
					value={span}
					onChange={(value) => choose(value === 'hour' ? '' : value)}
					data={[
						{ value: 'hour', label: words.hour },
						{ value: 'day', label: words.day },
						{ value: 'week', label: words.week },
					]}
				/>
			</div>
			{query.data === undefined ? (
				query.error ? (
					<ErrorState error={query.error} what={words.cannotShowHistory} onRetry={() => void query.refetch()} />
				) : (
					<LoadingState what={words.howItHasGone} rows={4} />
				)
			) : query.data.times.length === 0 ? (
				<p className={page.quiet}>{words.noHistory}</p>
			) : (
				<QueueCharts history={query.data} />
			)}
		</>
	);
};

const QueueCharts = ({ history }: { history: Parameters<typeof chartOf>[0] }) => (
	<div className={classes.charts}>
		{CHARTS.map(({ lines, ...chart }) => (
			<Chart key={chart.title} {...chart} data={chartOf(history, lines)} />
		))}
	</div>
);
