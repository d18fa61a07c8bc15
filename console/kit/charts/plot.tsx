import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { ChartData } from './series.ts';
import { timeTicks } from './time-ticks.ts';

interface PlotProps {
	data: ChartData;
	format(value: number): string;
	atLeast: number;
	height: number;
}

const DASHES: readonly number[][] = [[], [7, 4], [2, 3], [10, 4, 2, 4]];
const AXIS_WIDTH = 68;
/** In pixels; the widest that stands there is a day. */
const TICKS_APART = 84;

const tableOf = ({ times, series }: ChartData): uPlot.AlignedData => [
	[...times],
	...series.map(({ values }) => [...values]),
];

/** Lines on a canvas. They are drawn anew when the lines are others or the colours are; new values only move them. */
export const Plot = ({ data, format, atLeast, height }: PlotProps) => {
	const place = useRef<HTMLDivElement>(null);
	const plot = useRef<uPlot | null>(null);
	const words = useRef(format);
	words.current = format;
	const scheme = useComputedColorScheme('light');
	const lines = data.series.map(({ name, color }) => `${name}:${color}`).join();
	const latest = useRef(data);
	latest.current = data;

	// biome-ignore lint/correctness/useExhaustiveDependencies: `lines` and `scheme` are what a drawing is made of
	useEffect(() => {
		const element = place.current;
		if (element === null) return;
		const style = getComputedStyle(element);
		const color = (name: string) => style.getPropertyValue(name).trim();
		const axis = { stroke: color('--mantine-color-dimmed'), grid: { stroke: color('--millrace-border'), width: 1 } };
		const drawn = new uPlot(
			{
				width: element.clientWidth,
				height,
				legend: { show: false },
				cursor: { sync: { key: 'millrace' }, y: false, drag: { x: false, y: false } },
				scales: { y: { range: (_, __, most) => [0, Math.max(atLeast, most || 1) * 1.05] } },
				axes: [
					{
						...axis,
						ticks: { show: false },
						space: TICKS_APART,
						values: (_, ticks, __, ___, apart) => timeTicks(ticks, apart),
					},
					{
						...axis,
						size: AXIS_WIDTH,
						ticks: { show: false },
						values: (_, ticks) => ticks.map((one) => words.current(one)),
					},
				],
				series: [
					{},
					...latest.current.series.map(({ name, color: hue }, at) => ({
						label: name,
						stroke: color(`--mantine-color-${hue}-text`),
						width: 1.8,
						dash: DASHES[at % DASHES.length]!,
						points: { show: false },
					})),
				],
			},
			tableOf(latest.current),
			element,
		);
		plot.current = drawn;
		const watcher = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height }));
		watcher.observe(element);
		return () => {
			watcher.disconnect();
			drawn.destroy();
			plot.current = null;
		};
	}, [lines, scheme, height, atLeast]);

	useEffect(() => plot.current?.setData(tableOf(data)), [data]);
	// What it shows stands beside it in words.
	return <div ref={place} aria-hidden="true" />;
};
