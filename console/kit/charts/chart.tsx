import { SegmentedControl } from '@mantine/core';
import { lazy, Suspense, useId, useState } from 'react';
import { formatExact } from '../format.ts';
import { DataTable } from '../table/data-table.tsx';
import type { TableColumn } from '../table/table-column.ts';
import classes from './chart.module.css';
import { type ChartData, summaryOf } from './series.ts';

const Plot = lazy(async () => ({ default: (await import('./plot.tsx')).Plot }));

interface ChartProps {
	title: string;
	data: ChartData;
	/** A value in words with its unit. */
	format(value: number): string;
	/** The least that the axis goes up to, so that quiet times look quiet. */
	atLeast?: number;
	/** In pixels. */
	height?: number;
}

interface ChartRow {
	time: number;
	at: number;
}

/**
 * Lines over time: drawn, as a table, and in a sentence each for who sees no picture. Charts with the same times share
 * where the pointer is.
 */
export const Chart = ({ title, data, format, atLeast = 0, height = 180 }: ChartProps) => {
	const [look, setLook] = useState<'plot' | 'table'>('plot');
	const titleId = useId();
	const columns: TableColumn<ChartRow>[] = [
		{
			name: 'time',
			head: 'Time',
			cell: ({ time }) => formatExact(new Date(time * 1_000)),
			value: ({ time }) => new Date(time * 1_000).toISOString(),
		},
		...data.series.map(({ name, values }) => ({
			name,
			head: name,
			isNumber: true,
			cell: ({ at }: ChartRow) => {
				const value = values[at] ?? null;
				return value === null ? '–' : format(value);
			},
			value: ({ at }: ChartRow) => values[at] ?? null,
		})),
	];
	return (
		<section className={classes.chart} aria-labelledby={titleId}>
			<div className={classes.head}>
				<h3 id={titleId}>{title}</h3>
				<SegmentedControl
					size="xs"
					aria-label={`${title} as`}
					value={look}
					onChange={setLook}
					data={[
						{ value: 'plot', label: 'Plot' },
						{ value: 'table', label: 'Table' },
					]}
				/>
			</div>
			{look === 'table' ? (
				<div className={classes.table}>
					<DataTable
						label={title}
						rows={data.times.map((time, at) => ({ time, at })).reverse()}
						columns={columns}
						keyOf={({ time }) => String(time)}
						sortName={`${title.toLowerCase().replaceAll(/[^a-z]+/g, '-')}-sort`}
						csvName={title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}
					/>
				</div>
			) : (
				<Suspense fallback={<div style={{ height }} />}>
					<Plot data={data} format={format} atLeast={atLeast} height={height} />
				</Suspense>
			)}
			<ul className={classes.summary}>
				{summaryOf(data, format).map((sentence, at) => (
					<li key={data.series[at]?.name} data-color={data.series[at]?.color}>
						{sentence}
					</li>
				))}
			</ul>
		</section>
	);
};
