import type { WhatIfAnswer } from '../../../shared/protocol/what-if.ts';
import { Chart } from '../../kit/charts/chart.tsx';
import { CopyButton } from '../../kit/copy-button.tsx';
import { formatCount, formatDuration, formatPercent } from '../../kit/format.ts';
import page from '../../kit/shell/page.module.css';
import classes from './classes.module.css';
import type { WhatIfQuestion } from './use-what-if.ts';
import { WaitBars } from './wait-bars.tsx';
import { seriesOf, waitsByClass } from './what-if-figures.ts';
import { whatIfWords as words } from './what-if-words.ts';

interface ResultProps {
	answer: WhatIfAnswer;
	/** The class that was changed. */
	name: string;
	asked: WhatIfQuestion;
}

/** What came of it: in sentences, as bars and lines, and how near it is to what happened. */
export const WhatIfResult = ({ answer, name, asked }: ResultProps) => {
	const { sentences, totals, people, fidelity, notes, tasks } = answer;
	const { depth, used } = seriesOf(answer, name, [words.was, words.changed]);
	const command = `echo '${JSON.stringify(asked.settings)}' > ${name}.json && millrace admin what-if --from ${asked.period} --class ${name}=${name}.json`;
	const rows: [string, string, string][] = [
		[words.startsPerHour, totals.before.startsPerHour.toFixed(1), totals.after.startsPerHour.toFixed(1)],
		[words.used, formatPercent(totals.before.used), formatPercent(totals.after.used)],
		[words.neverStarted, formatCount(totals.before.neverStarted), formatCount(totals.after.neverStarted)],
		[words.preempted, formatCount(totals.before.preempted), formatCount(totals.after.preempted)],
		[words.lost, formatCount(totals.before.lost), formatCount(totals.after.lost)],
	];
	return (
		<div className={classes.result} role="status" aria-live="polite">
			<div className={page.cardHead}>
				<strong>{words.tasks(tasks)}</strong>
				<CopyButton text={command} what={words.command} />
			</div>
			<ul className={classes.sentences}>
				{sentences.map((sentence) => (
					<li key={sentence}>{sentence}</li>
				))}
			</ul>
			<WaitBars rows={waitsByClass(answer, name)} />
			<Table title={words.inAll} heads={[words.measure, words.was, words.changed]} rows={rows} />
			{depth.map(({ name: serviceClass, data }) => (
				<Chart key={serviceClass} title={words.depth(serviceClass)} data={data} format={tasksInLine} atLeast={4} />
			))}
			{used.map(({ name: group, data }) => (
				<Chart key={group} title={words.slots(group)} data={data} format={formatPercent} atLeast={1} />
			))}
			<p className={page.quiet}>{words.people(people.total, people.losers, people.winners)}</p>
			<PeopleTable title={words.longer} people={people.mostLost} />
			<PeopleTable title={words.shorter} people={people.mostWon} />
			<details className={classes.details}>
				<summary>{words.fidelity}</summary>
				<Table
					title={words.fidelity}
					heads={[words.serviceClass, words.median, words.real, words.simulated]}
					rows={fidelity.map((one) => [
						one.serviceClass,
						words.tasks(one.tasks),
						formatDuration(one.realP50Ms),
						formatDuration(one.simulatedP50Ms),
					])}
				/>
				{notes.map((note) => (
					<p key={note} className={page.quiet}>
						{note}
					</p>
				))}
			</details>
		</div>
	);
};

const tasksInLine = (value: number): string => formatCount(Math.round(value));

const PeopleTable = ({ title, people }: { title: string; people: WhatIfAnswer['people']['mostLost'] }) =>
	people.length === 0 ? null : (
		<Table
			title={title}
			heads={[words.person, words.median, words.was, words.changed]}
			rows={people.map(({ username, owner, before, after }) => [
				username ?? words.nobody(owner),
				words.tasks(before.waits.tasks),
				formatDuration(before.waits.p50Ms),
				formatDuration(after.waits.p50Ms),
			])}
		/>
	);

const Table = ({
	title,
	heads,
	rows,
}: {
	title: string;
	heads: readonly string[];
	rows: readonly (readonly string[])[];
}) => (
	<table className={classes.table}>
		<caption>{title}</caption>
		<thead>
			<tr>
				{heads.map((head) => (
					<th key={head} scope="col">
						{head}
					</th>
				))}
			</tr>
		</thead>
		<tbody>
			{rows.map(([first, ...others]) => (
				<tr key={first}>
					<th scope="row">{first}</th>
					{others.map((cell, at) => (
						<td key={heads[at + 1]}>{cell}</td>
					))}
				</tr>
			))}
		</tbody>
	</table>
);
