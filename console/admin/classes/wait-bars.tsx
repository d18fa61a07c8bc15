import { formatDuration } from '../../kit/format.ts';
import shared from './classes.module.css';
import classes from './wait-bars.module.css';
import { type BeforeAfter, type ClassWaits, longest } from './what-if-figures.ts';
import { whatIfWords as words } from './what-if-words.ts';

/** Waits by class as bars, each with its value: the plot is a table, for who sees no picture too. */
export const WaitBars = ({ rows }: { rows: readonly ClassWaits[] }) => {
	const most = { p50: longest(rows.map(({ p50 }) => p50)), p95: longest(rows.map(({ p95 }) => p95)) };
	return (
		<table className={shared.table}>
			<caption>
				{words.waits}: <span className={classes.keyBefore}>{words.was}</span>,{' '}
				<span className={classes.keyAfter}>{words.changed}</span>
			</caption>
			<thead>
				<tr>
					<th scope="col">{words.serviceClass}</th>
					<th scope="col">{words.median}</th>
					<th scope="col">{words.p95}</th>
				</tr>
			</thead>
			<tbody>
				{rows.map(({ name, tasks, p50, p95 }) => (
					<tr key={name}>
						<th scope="row">
							{name}
							<span className={shared.quiet}>{words.tasks(tasks)}</span>
						</th>
						<td>
							<Pair pair={p50} most={most.p50} />
						</td>
						<td>
							<Pair pair={p95} most={most.p95} />
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
};

const Pair = ({ pair: { before, after }, most }: { pair: BeforeAfter; most: number }) => (
	<>
		<Bar value={before} most={most} word={words.was} />
		<Bar value={after} most={most} word={words.changed} isAfter />
	</>
);

const Bar = ({
	value,
	most,
	word,
	isAfter = false,
}: {
	value: number;
	most: number;
	word: string;
	isAfter?: boolean;
}) => (
	<span className={classes.bar} data-after={isAfter || undefined}>
		<span className={classes.track} aria-hidden="true">
			<span style={{ width: `${(value / most) * 100}%` }} />
		</span>
		<span>
			<span className="millrace-off-screen">{word} </span>
			{formatDuration(value)}
		</span>
	</span>
);
