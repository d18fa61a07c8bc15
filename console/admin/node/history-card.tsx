import type { NodeView } from '../../../shared/protocol/node.ts';
import { Chart } from '../../kit/charts/chart.tsx';
import { formatBytes, formatRate } from '../../kit/format.ts';
import page from '../../kit/shell/page.module.css';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { chartOf } from './history-data.ts';
import classes from './node.module.css';
import type { Range } from './ranges.ts';
import { useNodeHistory } from './use-node.ts';
import { words } from './words.ts';

const share = (value: number): string => `${Math.round(value * 100)} %`;
const slots = (value: number): string => String(Math.round(value * 10) / 10);

/** How the machine was doing, over the chosen time. */
export const HistoryCard = ({ node, range }: { node: NodeView; range: Range }) => {
	const history = useNodeHistory(node.id, range);
	const { data } = history;
	if (data === undefined) {
		return (
			<section className={page.card} aria-labelledby="node-history">
				<h2 id="node-history">{words.history}</h2>
				{history.error ? (
					<ErrorState error={history.error} what={words.historyWhat} onRetry={() => void history.refetch()} />
				) : (
					<LoadingState what={words.theMeasures} />
				)}
			</section>
		);
	}
	const charts = [
		{
			...{ title: words.cpuAndGPU, format: share, atLeast: 1 },
			data: chartOf(data, [
				{ measure: 'cpuLoad', name: words.cpu, color: 'indigo', withMost: true },
				{ measure: 'gpuLoad', name: words.gpu, color: 'grape' },
			]),
		},
		{
			...{ title: words.memory, format: formatBytes, atLeast: node.capabilities?.memoryBytes ?? 0 },
			data: chartOf(data, [
				{ measure: 'memoryUsedBytes', name: words.memory, color: 'teal', withMost: true },
				{ measure: 'gpuMemoryUsedBytes', name: words.gpuMemory, color: 'grape' },
			]),
		},
		{
			...{ title: words.network, format: formatRate, atLeast: 1_000 },
			data: chartOf(data, [
				{ measure: 'networkInBytesPerSecond', name: words.networkIn, color: 'indigo' },
				{ measure: 'networkOutBytesPerSecond', name: words.networkOut, color: 'orange' },
			]),
		},
		{
			...{ title: words.slotsInUse, format: slots, atLeast: node.concurrency },
			data: chartOf(data, [{ measure: 'running', name: words.slots, color: 'indigo', withMost: true }]),
		},
	].filter(({ data: { series } }) => series.length > 0);
	return (
		<section className={page.card} aria-labelledby="node-history">
			<h2 id="node-history">{words.history}</h2>
			{charts.length === 0 ? (
				<p className={page.quiet}>{words.noHistory}</p>
			) : (
				<div className={classes.charts}>
					{charts.map((chart) => (
						<Chart key={chart.title} {...chart} height={150} />
					))}
				</div>
			)}
		</section>
	);
};
