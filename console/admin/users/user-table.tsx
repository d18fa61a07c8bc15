import { Link } from 'react-router';
import type { PersonView } from '../../../shared/protocol/account.ts';
import { formatBytes } from '../../kit/format.ts';
import { costWords } from '../../kit/money.ts';
import { currentMonth, periodOfMonth } from '../../kit/month.ts';
import page from '../../kit/shell/page.module.css';
import { LookChip } from '../../kit/state-chip.tsx';
import { DataTable } from '../../kit/table/data-table.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import { RelativeTime } from '../../kit/time.tsx';
import classes from '../accounting/accounting.module.css';
import { Bar } from '../accounting/bar.tsx';
import { useMonthByPerson } from './use-people.ts';
import { stateOf, USER_LOOKS } from './user-looks.ts';
import { words } from './words.ts';

interface UserTableProps {
	query: { rows: PersonView[]; hasNextPage: boolean; fetchNextPage(): unknown };
}

const NEARLY = 0.9;

const Storage = ({ storage: { usedBytes, quotaBytes } }: PersonView) => {
	if (quotaBytes === null) return <span className={classes.numbers}>{formatBytes(usedBytes)}</span>;
	const share = quotaBytes === 0 ? 1 : usedBytes / quotaBytes;
	return (
		<span className={classes.numbers}>
			{words.ofQuota(formatBytes(usedBytes), formatBytes(quotaBytes))}
			<Bar share={share} color={share >= NEARLY ? 'orange' : 'brand'} />
		</span>
	);
};

export const UserTable = ({ query }: UserTableProps) => {
	const month = useMonthByPerson().data;
	const used = new Map(month?.items.map((item) => [item.key, item.amountMicro]));
	const { from, to } = periodOfMonth(currentMonth());
	const columns: TableColumn<PersonView>[] = [
		{
			name: 'name',
			head: words.name,
			cell: ({ id, username }) => (
				<Link className={page.name} to={`/users/${id}`}>
					{username}
				</Link>
			),
			value: ({ username }) => username,
		},
		{ name: 'role', head: words.role, cell: ({ role }) => role, value: ({ role }) => role },
		{
			name: 'class',
			head: words.class,
			cell: ({ serviceClass }) =>
				serviceClass === null ? (
					<span className={page.quiet}>{words.byGroup}</span>
				) : (
					<Link className={page.link} to={`/classes/${encodeURIComponent(serviceClass)}`}>
						{serviceClass}
					</Link>
				),
			value: ({ serviceClass }) => serviceClass,
		},
		{
			name: 'storage',
			head: words.storage,
			isNumber: true,
			cell: (user) => <Storage {...user} />,
			value: ({ storage }) => storage.usedBytes,
		},
		{
			name: 'used',
			head: words.usedMonth,
			isNumber: true,
			cell: ({ id }) =>
				month === undefined ? (
					'…'
				) : (
					<Link
						className={`${page.link} ${classes.numbers}`}
						to={`/usage?${new URLSearchParams({ from, to, by: 'type', owner: id })}`}
					>
						{costWords(used.get(id) ?? 0, month.currency)}
					</Link>
				),
			value: ({ id }) => used.get(id) ?? 0,
		},
		{
			name: 'seen',
			head: words.lastSeen,
			cell: ({ lastSeenAt }) =>
				lastSeenAt === null ? <span className={page.quiet}>{words.never}</span> : <RelativeTime at={lastSeenAt} />,
			value: ({ lastSeenAt }) => lastSeenAt,
		},
		{
			name: 'state',
			head: words.state,
			cell: (user) => <LookChip look={USER_LOOKS[stateOf(user)]} quiet={stateOf(user) === 'active'} />,
			value: stateOf,
		},
	];
	return (
		<DataTable
			label={words.title}
			rows={query.rows}
			columns={columns}
			keyOf={({ id }) => id}
			csvName="users"
			hasMore={query.hasNextPage}
			onMore={() => void query.fetchNextPage()}
		/>
	);
};
