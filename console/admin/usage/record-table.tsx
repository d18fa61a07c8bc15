import { Link } from 'react-router';
import type { UsageRecordPage } from '../../../shared/protocol/usage.ts';
import { formatBytes, formatDuration, formatExact } from '../../kit/format.ts';
import { costWords } from '../../kit/money.ts';
import page from '../../kit/shell/page.module.css';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { DataTable } from '../../kit/table/data-table.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import classes from '../accounting/accounting.module.css';
import { rowTitle } from './row-title.ts';
import { filterOf, type UsageAsked } from './usage-query.ts';
import { useCut, useRecords } from './use-usage.ts';
import { KIND_WORDS, words } from './words.ts';

type UsageRecord = UsageRecordPage['items'][number];

const noteOf = ({ charged, flags, reason }: UsageRecord): string =>
	[charged ? '' : words.notCharged, flags === null ? '' : words.cut(flags), reason ?? '']
		.filter((part) => part !== '')
		.join('; ');

/** The single facts that the sum is made of, the newest first. */
export const RecordTable = ({ asked }: { asked: UsageAsked }) => {
	const query = useRecords(asked);
	// Ids get their names from the cut by person, and the amounts their currency.
	const people = useCut({ ...filterOf(asked), by: 'owner' }).data;
	const nameOf = (id: string): string => {
		const found = people?.items.find(({ key }) => key === id);
		return found ? rowTitle('owner', found) : id;
	};
	const currency = people?.currency ?? null;
	const { rows } = query;
	if (rows.length === 0 && !query.hasNextPage) {
		if (query.data !== undefined) return <EmptyState icon="list" title={words.noRecords} />;
		return query.error ? (
			<ErrorState error={query.error} what={words.cannotShow} onRetry={() => void query.refetch()} />
		) : (
			<LoadingState what={words.what} />
		);
	}
	const keptFrom = query.data?.pages[0]?.keptFrom ?? null;
	const columns: TableColumn<UsageRecord>[] = [
		{
			name: 'at',
			head: words.at,
			cell: ({ at }) => <span className={classes.numbers}>{formatExact(new Date(at))}</span>,
			value: ({ at }) => at,
		},
		{
			name: 'person',
			head: words.person,
			cell: ({ owner }) =>
				owner === null ? (
					words.nothing
				) : (
					<Link className={page.link} to={`/users/${owner}`}>
						{nameOf(owner)}
					</Link>
				),
			value: ({ owner }) => (owner === null ? null : nameOf(owner)),
		},
		{
			name: 'kind',
			head: words.kind,
			cell: ({ kind, type }) => <span className={classes.numbers}>{type ?? KIND_WORDS[kind]}</span>,
			value: ({ kind, type }) => type ?? kind,
		},
		{
			name: 'task',
			head: words.task,
			cell: ({ task, attempt, kind }) => {
				if (task !== null) {
					return (
						<Link className={`${page.link} ${classes.numbers} millrace-mono`} to={`/tasks/${task}`}>
							{task.slice(-8)} #{attempt}
						</Link>
					);
				}
				return kind === 'attempt' ? <span className={page.quiet}>{words.gone}</span> : '';
			},
			value: ({ task }) => task,
		},
		{
			name: 'node',
			head: words.node,
			cell: ({ node }) =>
				node === null ? (
					''
				) : (
					<Link className={`${page.link} ${classes.numbers} millrace-mono`} to={`/nodes/${node}`}>
						{node.slice(-8)}
					</Link>
				),
			value: ({ node }) => node,
		},
		{
			name: 'class',
			head: words.class,
			cell: (row) => <span className={classes.numbers}>{row.class ?? ''}</span>,
			value: (row) => row.class,
		},
		{
			...{ name: 'wall', head: words.wall, isNumber: true, value: ({ wallMs }: UsageRecord) => wallMs },
			cell: ({ wallMs }) => <span className={classes.numbers}>{formatDuration(wallMs)}</span>,
		},
		{
			...{ name: 'cpu', head: words.cpu, isNumber: true, value: ({ cpuMs }: UsageRecord) => cpuMs },
			cell: ({ cpuMs }) => <span className={classes.numbers}>{formatDuration(cpuMs)}</span>,
		},
		{
			...{ name: 'bytes', head: words.bytes, isNumber: true },
			value: ({ bytesIn, bytesOut }) => bytesIn + bytesOut,
			cell: ({ bytesIn, bytesOut }) => <span className={classes.numbers}>{formatBytes(bytesIn + bytesOut)}</span>,
		},
		{
			...{ name: 'cost', head: words.cost, isNumber: true, value: ({ amountMicro }: UsageRecord) => amountMicro },
			cell: ({ amountMicro }) => <span className={classes.numbers}>{costWords(amountMicro, currency)}</span>,
		},
		{ name: 'notes', head: words.flags, cell: noteOf, value: noteOf },
	];
	return (
		<>
			{keptFrom !== null && <p className={classes.note}>{words.keptFrom(keptFrom.slice(0, 10))}</p>}
			<DataTable
				label={words.records}
				rows={rows}
				columns={columns}
				keyOf={({ record }) => String(record)}
				csvName={`usage-records-${asked.from.slice(0, 10)}`}
				hasMore={query.hasNextPage}
				onMore={() => void query.fetchNextPage()}
			/>
		</>
	);
};
