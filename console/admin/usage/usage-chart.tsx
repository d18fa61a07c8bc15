import { SegmentedControl } from '@mantine/core';
import { Chart } from '../../kit/charts/chart.tsx';
import { formatCount, formatDuration } from '../../kit/format.ts';
import { costWords } from '../../kit/money.ts';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { overTime } from './over-time.ts';
import { filterOf, paceOf, type UsageAsked } from './usage-query.ts';
import { useCut } from './use-usage.ts';
import { words } from './words.ts';

const MEASURES = ['cost', 'cpu', 'tasks'] as const;

/** How it went: by the hour, or by the day where that would be too many. */
export const UsageChart = ({ asked }: { asked: UsageAsked }) => {
	const [text, setMeasure] = useSearchParam('line');
	const pace = paceOf(asked);
	const { data } = useCut({ ...filterOf(asked), by: pace });
	// The one before may be of another pace.
	if (data === undefined || data.by !== pace) return null;
	const measure = MEASURES.find((one) => one === text) ?? (data.currency === null ? 'cpu' : 'cost');
	const format = (value: number): string => {
		if (measure === 'cost') return costWords(Math.round(value), data.currency);
		return measure === 'cpu' ? formatDuration(value) : formatCount(value);
	};
	return (
		<>
			<SegmentedControl
				size="xs"
				mb={8}
				aria-label={words.measure}
				value={measure}
				onChange={setMeasure}
				data={MEASURES.map((one) => ({ value: one, label: words[one] }))}
			/>
			<Chart title={words.over} data={overTime(data, measure, words[measure])} format={format} height={150} />
		</>
	);
};
