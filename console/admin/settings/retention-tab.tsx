import { CopyButton } from '../../kit/copy-button.tsx';
import { DataTable } from '../../kit/table/data-table.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import { RelativeTime } from '../../kit/time.tsx';
import { ChoreChip } from './chore-look.tsx';
import { Read } from './read.tsx';
import { type RetentionRow, retentionRows } from './retention-rows.ts';
import { RunChore, useRunChore } from './run-chore.tsx';
import classes from './settings.module.css';
import { useChores, useStartedWith } from './use-settings.ts';
import { choreWords, retentionWords, words } from './words.ts';

const columns = (run: ReturnType<typeof useRunChore>): TableColumn<RetentionRow>[] => [
	{
		name: 'what',
		head: retentionWords.thing,
		cell: ({ what }) => <div className={classes.wide}>{what}</div>,
		value: ({ what }) => what,
	},
	{
		...{ name: 'kept', head: retentionWords.kept, width: '130px' },
		cell: ({ kept }) => kept,
		value: ({ kept }) => kept,
	},
	{
		...{ name: 'option', head: retentionWords.option, width: '190px' },
		cell: ({ option }) =>
			option !== null && (
				<span className={classes.option}>
					<span className="millrace-mono">{`--${option}`}</span>
					<CopyButton text={`--${option}`} what={words.changeAtStart(option)} />
				</span>
			),
		value: ({ option }) => option,
	},
	{
		...{ name: 'last', head: retentionWords.last, width: '170px' },
		cell: ({ chore }) =>
			chore !== null && (
				<span className={classes.option}>
					<ChoreChip chore={chore} />
					{chore.startedAt !== null && <RelativeTime at={chore.startedAt} />}
				</span>
			),
		value: ({ chore }) => chore?.startedAt ?? null,
	},
	{
		...{ name: 'act', head: choreWords.act, width: '96px' },
		cell: ({ chore }) => chore !== null && <RunChore chore={chore} run={run} />,
	},
];

/** What is kept how long: read here, changed where the coordinator is started. */
export const RetentionTab = () => {
	const settings = useStartedWith();
	const chores = useChores();
	const run = useRunChore();
	return (
		<Read query={settings} what={retentionWords.what}>
			{({ items }) => (
				<>
					<p className={classes.lead}>
						{retentionWords.lead} {words.atStart}
					</p>
					<DataTable
						label={retentionWords.table}
						rows={retentionRows(items, chores.data ?? [])}
						columns={columns(run)}
						keyOf={({ name }) => name}
						csvName="retention"
					/>
				</>
			)}
		</Read>
	);
};
