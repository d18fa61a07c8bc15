import { Chart } from '../../kit/charts/chart.tsx';
import { chartOf, type HistoryLine } from '../../kit/charts/from-history.ts';
import page from '../../kit/shell/page.module.css';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { perSecond } from '../numbers/per-second.ts';
import { usePace } from './use-overview.ts';
import { words } from './words.ts';

const LINES: readonly HistoryLine[] = [
	{ measure: 'inPerSecond', name: words.comes, color: 'indigo' },
	{ measure: 'outPerSecond', name: words.ends, color: 'teal' },
];

/** What came and what ended in the last hour. */
export const Throughput = () => {
	const query = usePace();
	if (query.data === undefined) {
		if (query.error) {
			return <ErrorState error={query.error} what={words.cannotShowPace} onRetry={() => void query.refetch()} />;
		}
		return <LoadingState what={words.theLastHour} rows={4} />;
	}
	if (query.data.times.length === 0) {
		return (
			<>
				<h2>{words.throughput}</h2>
				<p className={page.quiet}>{words.noPace}</p>
			</>
		);
	}
	return <Chart title={words.throughput} data={chartOf(query.data, LINES)} format={perSecond} />;
};
