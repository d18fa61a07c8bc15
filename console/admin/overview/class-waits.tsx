import type { ClassWait } from '../../../shared/protocol/class-wait.ts';
import { formatCount, formatDuration } from '../../kit/format.ts';
import page from '../../kit/shell/page.module.css';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { DataTable } from '../../kit/table/data-table.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import { Duration } from '../../kit/time.tsx';
import { NameLink, Whole } from '../numbers/numbers.tsx';
import { useClassWaits } from './use-overview.ts';
import { words } from './words.ts';

const wait = (ms: number | null) => (ms === null ? words.nothing : formatDuration(ms));
const number = { isNumber: true };

const COLUMNS: readonly TableColumn<ClassWait>[] = [
	{
		name: 'class',
		head: words.serviceClass,
		cell: ({ serviceClass }) => <NameLink name={serviceClass} to={`/classes/${encodeURIComponent(serviceClass)}`} />,
		value: ({ serviceClass }) => serviceClass,
	},
	{ name: 'half', head: words.half, ...number, cell: ({ p50Ms }) => wait(p50Ms), value: ({ p50Ms }) => p50Ms },
	{ name: 'nearly', head: words.nearlyAll, ...number, cell: ({ p95Ms }) => wait(p95Ms), value: ({ p95Ms }) => p95Ms },
	{
		...{ name: 'started', head: words.started, ...number },
		cell: ({ started }) => formatCount(started),
		value: ({ started }) => started,
	},
	{
		...{ name: 'queued', head: words.inLine, ...number },
		cell: ({ queued }) => formatCount(queued),
		value: ({ queued }) => queued,
	},
	{
		...{ name: 'oldest', head: words.oldestShort, ...number },
		cell: ({ oldestAt }) =>
			oldestAt === null ? (
				words.nothing
			) : (
				<Whole>
					<Duration from={oldestAt} until={null} />
				</Whole>
			),
		value: ({ oldestAt }) => (oldestAt === null ? null : Math.round((Date.now() - Date.parse(oldestAt)) / 1_000)),
	},
];

/** How long tasks of each class waited, and wait. */
export const ClassWaits = () => {
	const query = useClassWaits();
	if (query.data === undefined) {
		if (query.error) {
			return <ErrorState error={query.error} what={words.cannotShowWaits} onRetry={() => void query.refetch()} />;
		}
		return <LoadingState what={words.theWaits} rows={3} />;
	}
	if (query.data.length === 0) return <p className={page.quiet}>{words.noClasses}</p>;
	return (
		<DataTable
			label={words.waits}
			rows={query.data}
			columns={COLUMNS}
			keyOf={({ serviceClass }) => serviceClass}
			sortName="waits-sort"
			csvName="waits-by-class"
		/>
	);
};
