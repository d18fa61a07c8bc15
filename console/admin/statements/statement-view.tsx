import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { statementTarget } from '../../../shared/client/statements.ts';
import { STATEMENT_FORMATS, type Statement, type StatementLine } from '../../../shared/protocol/statement.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { formatCount, formatDuration, formatExact } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { costWords } from '../../kit/money.ts';
import { monthInWords } from '../../kit/month.ts';
import { http } from '../../kit/remote/api.ts';
import page from '../../kit/shell/page.module.css';
import { EmptyState } from '../../kit/states.tsx';
import { DataTable } from '../../kit/table/data-table.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import { RelativeTime } from '../../kit/time.tsx';
import classes from '../accounting/accounting.module.css';
import { Figures } from '../accounting/figures.tsx';
import { words } from './words.ts';

interface StatementViewProps {
	statement: Statement;
	month: string;
	of: { owner?: string; group?: string };
}

type PersonLine = Statement['people'][number];
type Correction = Statement['corrections'][number];

const nameOf = ({ id, name }: Pick<PersonLine, 'id' | 'name'>): string =>
	name ?? (id === null ? words.nobody : words.deleted(id));

/** A statement as it is printed: its sum, its lines, and the files of it. */
export const StatementView = ({ statement, month, of }: StatementViewProps) => {
	const { total, currency, state, prices } = statement;
	const option = of.owner ? ` --owner ${of.owner}` : of.group ? ` --group ${of.group}` : '';
	return (
		<>
			<p className={classes.note}>
				{state === 'closed' ? (
					words.closed(monthInWords(statement.month))
				) : (
					<>
						{words.soFar} <RelativeTime at={statement.asOf} />.
					</>
				)}{' '}
				{words.issuer(statement.issuer)}{' '}
				{prices.length > 0 && words.prices(prices.map(({ version }) => version).join(', '))}
			</p>
			<ul className={classes.pills} aria-label={words.downloads}>
				{STATEMENT_FORMATS.map((format) => (
					<li key={format}>
						<Button
							component="a"
							href={http.urlOf(statementTarget(month, of, format))}
							download={format === 'json' ? `statement-${month}.json` : ''}
							variant="default"
							size="sm"
							leftSection={<Icon name="download" size={16} />}
						>
							{words[format]}
						</Button>
					</li>
				))}
				<li>
					<CopyButton text={`millrace admin statement ${month}${option}`} what={words.asCommand} />
				</li>
			</ul>
			{total.records === 0 ? (
				<EmptyState icon="receipt" title={words.none(monthInWords(statement.month))}>
					{words.noneLong}
				</EmptyState>
			) : (
				<>
					<Figures
						items={[
							[
								words.total,
								<span key="total" data-total>
									{costWords(total.amountMicro, currency)}
								</span>,
							],
							[words.tasks, formatCount(total.tasks)],
							[words.cpu, formatDuration(total.cpuMs)],
							[words.records, formatCount(total.records)],
						]}
					/>
					<Lines lines={statement.lines} currency={currency} />
					{statement.people.length > 0 && <People people={statement.people} currency={currency} />}
					{statement.corrections.length > 0 && <Corrections statement={statement} />}
				</>
			)}
		</>
	);
};

const costColumn = <T extends { amountMicro: number }>(currency: string | null): TableColumn<T> => ({
	...{ name: 'cost', head: words.cost, isNumber: true, value: ({ amountMicro }: T) => amountMicro },
	cell: ({ amountMicro }) => <span className={classes.numbers}>{costWords(amountMicro, currency)}</span>,
});

const countColumns = <T extends { tasks: number; cpuMs: number; records: number }>(): TableColumn<T>[] => [
	{
		...{ name: 'tasks', head: words.tasks, isNumber: true, value: ({ tasks }: T) => tasks },
		cell: ({ tasks }) => formatCount(tasks),
	},
	{
		...{ name: 'cpu', head: words.cpu, isNumber: true, value: ({ cpuMs }: T) => cpuMs },
		cell: ({ cpuMs }) => <span className={classes.numbers}>{formatDuration(cpuMs)}</span>,
	},
	{
		...{ name: 'records', head: words.records, isNumber: true, value: ({ records }: T) => records },
		cell: ({ records }) => formatCount(records),
	},
];

const Lines = ({ lines, currency }: { lines: Statement['lines']; currency: string | null }) => {
	const columns: TableColumn<StatementLine>[] = [
		{ name: 'what', head: words.line, cell: ({ what }) => what, value: ({ what }) => what },
		{ name: 'class', head: words.class, cell: (line) => line.class ?? '', value: (line) => line.class },
		...countColumns<StatementLine>(),
		costColumn(currency),
	];
	return (
		<section className={classes.section}>
			<h2>{words.lines}</h2>
			<DataTable
				label={words.lines}
				rows={lines}
				columns={columns}
				keyOf={(line) => `${line.kind} ${line.what} ${line.class}`}
				sort="-cost"
				csvName="statement-lines"
			/>
		</section>
	);
};

const People = ({ people, currency }: { people: Statement['people']; currency: string | null }) => {
	const columns: TableColumn<PersonLine>[] = [
		{
			name: 'person',
			head: words.person,
			cell: (line) =>
				line.id === null ? (
					nameOf(line)
				) : (
					<Link className={page.link} to={`/users/${line.id}`}>
						{nameOf(line)}
					</Link>
				),
			value: nameOf,
		},
		...countColumns<PersonLine>(),
		costColumn(currency),
	];
	return (
		<section className={classes.section}>
			<h2>{words.people}</h2>
			<DataTable
				label={words.people}
				rows={people}
				columns={columns}
				keyOf={({ id }) => id ?? ''}
				sort="-cost"
				sortName="people"
				csvName="statement-people"
			/>
		</section>
	);
};

const Corrections = ({ statement }: { statement: Statement }) => {
	const { corrections, correctionsLeft, currency, people } = statement;
	const columns: TableColumn<Correction>[] = [
		{ name: 'at', head: words.at, cell: ({ at }) => formatExact(new Date(at), 'UTC'), value: ({ at }) => at },
		{
			name: 'person',
			head: words.person,
			cell: ({ owner }) => people.find(({ id }) => id === owner)?.name ?? owner ?? words.nobody,
			value: ({ owner }) => owner,
		},
		{ name: 'reason', head: words.reason, cell: ({ reason }) => reason, value: ({ reason }) => reason },
		costColumn(currency),
	];
	return (
		<section className={classes.section}>
			<h2>{words.corrections}</h2>
			<DataTable
				label={words.corrections}
				rows={corrections}
				columns={columns}
				keyOf={({ record }) => String(record)}
				sortName="corrections"
				csvName="statement-corrections"
			/>
			{correctionsLeft > 0 && <p className={classes.note}>{words.more(correctionsLeft)}</p>}
		</section>
	);
};
