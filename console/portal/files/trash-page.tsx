import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { Link } from 'react-router';
import type { FolderEntry } from '../../../shared/protocol/file.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { formatBytes, formatCount, plural } from '../../kit/format.ts';
import type { RowColumn } from '../../kit/grid-row.tsx';
import { Icon } from '../../kit/icons.tsx';
import { RowGrid } from '../../kit/row-grid.tsx';
import { SelectionBar, Tools } from '../../kit/shell/selection-bar.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { useSelection } from '../../kit/use-selection.ts';
import { useTitle } from '../../kit/use-title.ts';
import { parentOf } from '../live/apply-patch.ts';
import { useTrash } from '../remote/use-folder.ts';
import { EntryIcon } from './entry-icon.tsx';
import { destroy, restore } from './file-acts.ts';
import classes from './files.module.css';

const NONE: readonly FolderEntry[] = [];

const columns: RowColumn<FolderEntry>[] = [
	{
		name: 'name',
		head: 'Name',
		cell: (entry) => (
			<div className={classes.nameCell}>
				<EntryIcon entry={entry} />
				<div className={classes.names}>
					<span className={classes.name}>{entry.name}</span>
					<span className={classes.from}>from {parentOf(entry.path)}</span>
				</div>
			</div>
		),
	},
	{
		name: 'size',
		head: 'Size',
		cell: (entry) => (
			<span className={classes.quiet}>{entry.kind === 'file' ? formatBytes(entry.size) : 'Folder'}</span>
		),
	},
	{
		name: 'modified',
		head: 'Deleted',
		cell: (entry) => (
			<span className={classes.quiet}>{entry.trashedAt ? <RelativeTime at={entry.trashedAt} /> : '–'}</span>
		),
	},
	{
		name: 'acts',
		head: <span className="millrace-off-screen">Acts</span>,
		cell: (entry) => (
			<Button size="compact-sm" variant="light" onClick={() => void restore([entry])}>
				Restore<span className="millrace-off-screen"> {entry.name}</span>
			</Button>
		),
	},
];

/** What was deleted: it can be taken back, or destroyed for good. */
export const TrashPage = () => {
	useTitle('Trash');
	const query = useTrash();
	const rows = query.entries;
	const selection = useSelection(useMemo(() => rows.map(({ id }) => id), [rows]));
	const [doomed, setDoomed] = useState(NONE);
	const [busy, setBusy] = useState(false);
	const chosen = rows.filter(({ id }) => selection.selection.chosen.has(id));
	const destroyDoomed = async () => {
		setBusy(true);
		await destroy(doomed);
		setBusy(false);
		setDoomed(NONE);
	};
	return (
		<>
			<div className={classes.head}>
				<div>
					<h1 className={classes.pageTitle}>Trash</h1>
					<p className={classes.lead}>Deleted files and folders wait here until they are restored or destroyed.</p>
				</div>
				<div className={classes.headActs}>
					<Button component={Link} to="/files" variant="default" leftSection={<Icon name="folder" size={17} />}>
						Back to files
					</Button>
				</div>
			</div>
			{rows.length > 0 && (
				<Tools
					className={`${classes.tools} ${classes.trashTools}`}
					bar={
						chosen.length > 0 && (
							<SelectionBar words={`${formatCount(chosen.length)} selected`} onClear={selection.acts.clear}>
								<Button
									variant="default"
									size="sm"
									leftSection={<Icon name="restore" size={16} />}
									onClick={() => void restore(chosen)}
								>
									Restore
								</Button>
								<Button
									color="red"
									variant="light"
									size="sm"
									leftSection={<Icon name="trash" size={16} />}
									onClick={() => setDoomed(chosen)}
								>
									Delete for good
								</Button>
							</SelectionBar>
						)
					}
				>
					<span className={classes.count} role="status">
						{query.hasNextPage ? `${formatCount(rows.length)} and more` : plural(rows.length, 'thing')}
					</span>
					<Button
						variant="subtle"
						color="red"
						leftSection={<Icon name="trash" size={16} />}
						onClick={() => setDoomed(rows)}
					>
						Delete {query.hasNextPage ? `these ${formatCount(rows.length)}` : 'all'} for good
					</Button>
				</Tools>
			)}
			<div className={classes.card}>
				{query.isPending ? (
					<LoadingState what="the trash" />
				) : query.isError && rows.length === 0 ? (
					<ErrorState error={query.error} what="The trash cannot be shown" onRetry={() => void query.refetch()} />
				) : rows.length === 0 ? (
					<EmptyState icon="trash" title="The trash is empty">
						What you delete comes here first, so that a slip costs nothing.
					</EmptyState>
				) : (
					<RowGrid
						label="Trash"
						className={classes.trashGrid!}
						rows={rows}
						columns={columns}
						nameOf={({ name }) => name}
						selection={selection}
						rowHeight={61}
						hasMore={query.hasNextPage}
						onEnd={() => void (query.isFetchingNextPage || query.fetchNextPage())}
						onOpen={(entry) => void restore([entry])}
						onRowKey={(event, entry) => {
							if (event.key === 'Delete') setDoomed(chosen.length > 0 ? chosen : [entry]);
						}}
					/>
				)}
			</div>
			<ConfirmDialog
				opened={doomed.length > 0}
				title={`Delete ${plural(doomed.length, 'thing')} for good?`}
				act="Delete for good"
				typed="delete"
				busy={busy}
				onConfirm={() => void destroyDoomed()}
				onClose={() => setDoomed(NONE)}
			>
				{doomed.length === 1 ? <strong>{doomed[0]?.name}</strong> : 'All of them'} with every version will be gone.
				Nobody can bring that back.
			</ConfirmDialog>
		</>
	);
};
