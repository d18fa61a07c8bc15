import type { ChoreView } from '../../../shared/protocol/chore.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { formatDuration } from '../../kit/format.ts';
import page from '../../kit/shell/page.module.css';
import { DataTable } from '../../kit/table/data-table.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import { RelativeTime } from '../../kit/time.tsx';
import { ChoreChip, outcomeOf } from './chore-look.tsx';
import { Read } from './read.tsx';
import { RunChore, useRunChore } from './run-chore.tsx';
import classes from './settings.module.css';
import { useChores } from './use-settings.ts';
import { choreWords, words } from './words.ts';

const columns = (run: ReturnType<typeof useRunChore>): TableColumn<ChoreView>[] => [
	{ name: 'name', head: choreWords.name, cell: ({ name }) => name, value: ({ name }) => name, width: '140px' },
	{
		...{ name: 'what', head: choreWords.does },
		cell: ({ what, last }) => (
			<div className={classes.wide}>
				{what}
				{last?.words && <div className={last.outcome === 'failed' ? page.fault : page.quiet}>{last.words}</div>}
			</div>
		),
		value: ({ what, last }) => (last?.words ? `${what}: ${last.words}` : what),
	},
	{
		...{ name: 'every', head: choreWords.every, isNumber: true, width: '90px' },
		cell: ({ everyMs }) => formatDuration(everyMs),
		value: ({ everyMs }) => everyMs,
	},
	{
		...{ name: 'last', head: choreWords.last, width: '104px' },
		cell: ({ startedAt }) => (startedAt === null ? words.never : <RelativeTime at={startedAt} />),
		value: ({ startedAt }) => startedAt,
	},
	{
		...{ name: 'outcome', head: choreWords.outcome, width: '110px' },
		cell: (chore) => <ChoreChip chore={chore} />,
		value: outcomeOf,
	},
	{
		...{ name: 'took', head: choreWords.took, isNumber: true, width: '86px' },
		cell: ({ last }) => (last === null ? '' : formatDuration(last.tookMs)),
		value: ({ last }) => last?.tookMs ?? null,
	},
	{
		...{ name: 'next', head: choreWords.next, width: '110px' },
		cell: ({ nextAt }) => (nextAt === null ? '' : <RelativeTime at={nextAt} />),
		value: ({ nextAt }) => nextAt,
	},
	{ name: 'act', head: choreWords.act, cell: (chore) => <RunChore chore={chore} run={run} />, width: '96px' },
];

/** What the coordinator does by itself, and how it went. */
export const ChoresTab = () => {
	const chores = useChores();
	const run = useRunChore();
	return (
		<Read query={chores} what={choreWords.what}>
			{(rows) => (
				<>
					<p className={classes.lead}>{choreWords.lead}</p>
					<DataTable
						label={choreWords.table}
						rows={rows}
						columns={columns(run)}
						keyOf={({ name }) => name}
						csvName="chores"
						tools={<CopyButton text="millrace admin chores" what={words.asCommand} />}
					/>
				</>
			)}
		</Read>
	);
};
