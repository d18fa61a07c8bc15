import { Link } from 'react-router';
import type { UsageCut, UsageCutItem } from '../../../shared/protocol/usage.ts';
import { formatBytes, formatCount, formatDuration } from '../../kit/format.ts';
import { costWords, storedWords } from '../../kit/money.ts';
import page from '../../kit/shell/page.module.css';
import { DataTable } from '../../kit/table/data-table.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import classes from '../accounting/accounting.module.css';
import { Bar } from '../accounting/bar.tsx';
import { rowTitle } from './row-title.ts';
import { addressOf, drillOf, rowsOf, type UsageAsked } from './usage-query.ts';
import { VIEW_WORDS, words } from './words.ts';

/** What the whole is made of; each row leads to what it is made of itself. */
export const CutTable = ({ asked, cut }: { asked: UsageAsked; cut: UsageCut }) => {
	const { currency, left } = cut;
	const rows = rowsOf(asked.by, cut);
	const most = Math.max(1, ...rows.map(({ amountMicro, cpuMs }) => (currency === null ? cpuMs : amountMicro)));
	const number = (
		name: keyof typeof words & string,
		value: (row: UsageCutItem) => number,
		format: (value: number) => string,
	): TableColumn<UsageCutItem> => ({
		...{ name, head: words[name] as string, isNumber: true, value },
		cell: (row) => <span className={classes.numbers}>{format(value(row))}</span>,
	});
	const isCost = currency !== null;
	const barOf = (row: UsageCutItem) => <Bar share={(isCost ? row.amountMicro : row.cpuMs) / most} />;
	const columns: TableColumn<UsageCutItem>[] = [
		{
			name: 'name',
			head: VIEW_WORDS[asked.by],
			value: (row) => rowTitle(asked.by, row),
			cell: (row) => {
				const title = rowTitle(asked.by, row);
				const next = drillOf(asked, row.key);
				return next === null ? (
					title
				) : (
					<Link className={page.name} to={addressOf(next)}>
						{title}
					</Link>
				);
			},
		},
		{
			...number(
				'cost',
				(row) => row.amountMicro,
				(micro) => costWords(micro, currency),
			),
			cell: (row) => (
				<span className={classes.numbers}>
					{costWords(row.amountMicro, currency)}
					{isCost && barOf(row)}
				</span>
			),
		},
		number('tasks', (row) => row.tasks, formatCount),
		{
			...number('cpu', (row) => row.cpuMs, formatDuration),
			cell: (row) => (
				<span className={classes.numbers}>
					{formatDuration(row.cpuMs)}
					{!isCost && barOf(row)}
				</span>
			),
		},
		number('wall', (row) => row.wallMs, formatDuration),
		number('moved', ({ bytesIn, bytesOut, nodes }) => bytesIn + bytesOut - nodes.bytesIn - nodes.bytesOut, formatBytes),
		number('stored', (row) => row.storedMibS, storedWords),
		number('lost', (row) => row.lost.wallMs, formatDuration),
		{
			...number('records', (row) => row.records + row.lost.records, formatCount),
			cell: (row) => <span className={classes.numbers}>{formatCount(row.records + row.lost.records)}</span>,
		},
	];
	return (
		<>
			{asked.by === 'group' && rows.length === 0 && <p className={classes.note}>{words.noGroups}</p>}
			<DataTable
				label={`${words.title}: ${VIEW_WORDS[asked.by]}`}
				rows={rows}
				columns={columns}
				keyOf={({ key }) => key ?? ''}
				csvName={`usage-${asked.by}-${asked.from.slice(0, 10)}`}
			/>
			{left > 0 && <p className={classes.note}>{words.left(left)}</p>}
		</>
	);
};
