import { SegmentedControl } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import { Link } from 'react-router';
import { formatDuration, formatExact } from '../format.ts';
import classes from './timeline.module.css';
import { layTimeline, type Placed, type TimelineSpan, ticksOf, timelineSummary } from './timeline-layout.ts';

interface TimelineProps {
	title: string;
	spans: readonly TimelineSpan[];
	/** The time that it shows, in milliseconds since 1970. */
	from: number;
	until: number;
	/** Such as `3 attempts`. */
	what(count: number): string;
	/** The same as a table. */
	table: ReactNode;
	/** Where a bar leads. */
	linkTo(span: TimelineSpan): string;
}

const LANE = 28;
const MOST_LANES = 16;
const AXIS = 22;

const timeWords = (at: number, length: number): string =>
	new Date(at).toLocaleString('en-GB', {
		...(length > 36 * 3_600_000 ? { day: 'numeric', month: 'short' } : { hour: '2-digit', minute: '2-digit' }),
		...(length <= 300_000 ? { second: '2-digit' } : {}),
	});

const wordsOf = ({ word, state, from, until }: TimelineSpan): string => {
	const took = formatDuration((until ?? Date.now()) - from);
	return `${word}, ${state.toLowerCase()}, from ${formatExact(new Date(from))}, ${until === null ? 'for' : 'took'} ${took}`;
};

/**
 * What lasted how long, in lanes over time: drawn, as a table, and in a sentence. By keys it is one stop: arrows go from
 * one to the next in time, Enter follows it.
 */
export const Timeline = ({ title, spans, from, until, what, table, linkTo }: TimelineProps) => {
	const [look, setLook] = useState<'plot' | 'table'>('plot');
	const [current, setCurrent] = useState<string | null>(null);
	const titleId = useId();
	const drawing = useRef<HTMLElement>(null);
	const { placed, lanes, hidden } = layTimeline(spans, { from, until, mostLanes: MOST_LANES });
	const at = Math.max(
		0,
		placed.findIndex(({ span }) => span.id === current),
	);
	const height = Math.max(2, lanes) * LANE;

	const onKeyDown = (event: KeyboardEvent) => {
		const moves: Record<string, number> = {
			...{ ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1 },
			...{ Home: 0, End: placed.length - 1 },
		};
		const next = moves[event.key];
		const to = next === undefined ? undefined : placed[Math.min(placed.length - 1, Math.max(0, next))];
		if (to === undefined) return;
		event.preventDefault();
		setCurrent(to.span.id);
		drawing.current?.querySelector<SVGElement>(`[data-span="${CSS.escape(to.span.id)}"]`)?.focus();
	};
	return (
		<section className={classes.timeline} aria-labelledby={titleId}>
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
				table
			) : (
				<figure
					ref={drawing}
					className={classes.figure}
					aria-label={`${title}: ${what(placed.length)}`}
					onKeyDown={onKeyDown}
				>
					{/* biome-ignore lint/a11y/noSvgWithoutTitle: the figure has its name, and every bar its own */}
					<svg className={classes.drawing} width="100%" height={height + AXIS}>
						{ticksOf(from, until).map((tick) => (
							<g key={tick.at}>
								<line className={classes.grid} x1={`${tick.x * 100}%`} x2={`${tick.x * 100}%`} y1={0} y2={height} />
								<text
									className={classes.tick}
									x={`${tick.x * 100}%`}
									y={height + 15}
									textAnchor={tick.x < 0.04 ? 'start' : tick.x > 0.96 ? 'end' : 'middle'}
								>
									{timeWords(tick.at, until - from)}
								</text>
							</g>
						))}
						{placed.map((one, index) => (
							<Bar
								key={one.span.id}
								placed={one}
								to={linkTo(one.span)}
								isStop={index === at}
								onFocus={() => setCurrent(one.span.id)}
							/>
						))}
					</svg>
				</figure>
			)}
			<p className={classes.summary}>
				{timelineSummary(spans, what)}
				{hidden > 0 && ` ${hidden} more have no room in the drawing; the table has them.`}
			</p>
		</section>
	);
};

interface BarProps {
	placed: Placed;
	to: string;
	/** Tab comes here. */
	isStop: boolean;
	onFocus(): void;
}

const Bar = ({ placed: { span, lane, x, width }, to, isStop, onFocus }: BarProps) => (
	<Link
		to={to}
		tabIndex={isStop ? 0 : -1}
		data-span={span.id}
		data-color={span.color}
		data-running={span.until === null || undefined}
		className={classes.bar!}
		aria-label={wordsOf(span)}
		onFocus={onFocus}
	>
		<title>{wordsOf(span)}</title>
		<rect x={`${x * 100}%`} y={lane * LANE + 2} width={`${width * 100}%`} height={LANE - 4} rx={3} />
	</Link>
);
