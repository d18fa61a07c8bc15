import { Button } from '@mantine/core';
import { lazy, useMemo, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import type { FolderEntry } from '../../../shared/protocol/file.ts';
import { formatCount, plural } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { notifyError } from '../../kit/notify.tsx';
import { OnDemand } from '../../kit/on-demand.tsx';
import { RowGrid } from '../../kit/row-grid.tsx';
import { FilterBox } from '../../kit/shell/filter-box.tsx';
import { SelectionBar, Tools } from '../../kit/shell/selection-bar.tsx';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { useSelection } from '../../kit/use-selection.ts';
import { useTitle } from '../../kit/use-title.ts';
import { urlOfProcess } from '../process/selected-files.ts';
import { useFiltered, useFolder } from '../remote/use-folder.ts';
import { Breadcrumb } from './breadcrumb.tsx';
import { DropZone } from './drop-zone.tsx';
import { EmptyFolder } from './empty-folder.tsx';
import { downloadChosen, trash } from './file-acts.ts';
import { fileColumns } from './file-columns.tsx';
import classes from './files.module.css';
import { folderOfUrl, urlOfFile, urlOfFolder } from './folder-url.ts';
import { UploadButton } from './upload-button.tsx';

const DetailsDrawer = lazy(async () => ({ default: (await import('./details-drawer.tsx')).DetailsDrawer }));
const NewFolderDialog = lazy(async () => ({ default: (await import('./path-dialogs.tsx')).NewFolderDialog }));
const DriveDialog = lazy(async () => ({ default: (await import('../drive/drive-dialog.tsx')).DriveDialog }));
const MoveDialog = lazy(async () => ({ default: (await import('./path-dialogs.tsx')).MoveDialog }));

const NONE: readonly FolderEntry[] = [];

/** A folder: what lies in it, how its processing goes, and what can be done with it. */
export const FilesPage = () => {
	const folder = folderOfUrl(useLocation().pathname);
	// Another folder is another list: selection, dialogs and filter begin anew.
	return <FolderPage key={folder} folder={folder} />;
};

const FolderPage = ({ folder }: { folder: string }) => {
	useTitle(folder === '/' ? 'Files' : folder.slice(folder.lastIndexOf('/') + 1));
	const navigate = useNavigate();
	const [filter, setFilter] = useSearchParam('q');
	const [shownFile, showFile] = useSearchParam('file', { push: true });
	const [makingFolder, setMakingFolder] = useState(false);
	const [openingDrive, setOpeningDrive] = useState(false);
	const [moving, setMoving] = useState(NONE);
	const query = useFolder(folder);
	const rows = useFiltered(query, filter);
	const selection = useSelection(useMemo(() => rows.map(({ id }) => id), [rows]));
	const columns = useMemo(
		() => fileColumns({ onMove: (entry) => setMoving([entry]), onTrash: (entry) => void trash([entry]) }),
		[],
	);
	const chosen = rows.filter(({ id }) => selection.selection.chosen.has(id));
	const openEntry = (entry: FolderEntry) =>
		navigate(entry.kind === 'folder' ? urlOfFolder(entry.path) : urlOfFile(entry));

	return (
		<>
			<div className={classes.head}>
				<Breadcrumb folder={folder} />
				<div className={classes.headActs}>
					<Button
						variant="default"
						leftSection={<Icon name="folderPlus" size={17} />}
						onClick={() => setMakingFolder(true)}
					>
						New folder
					</Button>
					<UploadButton folder={folder} />
				</div>
			</div>
			<Tools
				className={classes.tools!}
				bar={
					chosen.length > 0 && (
						<ChosenBar chosen={chosen} onMove={() => setMoving(chosen)} onClear={selection.acts.clear} />
					)
				}
			>
				<div className={classes.filter}>
					<FilterBox label="Filter by name" value={filter} onChange={setFilter} />
				</div>
				<span className={classes.count} role="status">
					{countWords({ rows, read: query.entries.length, isFiltered: filter !== '', hasMore: query.hasNextPage })}
				</span>
				<Button
					variant="subtle"
					color="gray"
					px="sm"
					leftSection={<Icon name="drive" size={16} />}
					onClick={() => setOpeningDrive(true)}
				>
					<span className={classes.whereWide}>Open as network drive</span>
					<span className={classes.whereNarrow}>Drive</span>
				</Button>
				<Button
					variant="subtle"
					color="gray"
					px="sm"
					mr={-6}
					leftSection={<Icon name="trash" size={16} />}
					onClick={() => navigate('/trash')}
				>
					Trash
				</Button>
			</Tools>
			<div className={classes.card}>
				{query.isPending ? (
					<LoadingState what="the folder" />
				) : query.isError && query.entries.length === 0 ? (
					<ErrorState error={query.error} what="The folder cannot be shown" onRetry={() => void query.refetch()} />
				) : query.entries.length === 0 ? (
					<EmptyFolder folder={folder} />
				) : rows.length === 0 && !query.hasNextPage ? (
					<EmptyState
						icon="search"
						title={`Nothing here is named “${filter}”`}
						actions={<Button onClick={() => setFilter('')}>Clear the filter</Button>}
					>
						Among {formatCount(query.entries.length)} in this folder.
					</EmptyState>
				) : (
					<RowGrid
						label={folder === '/' ? 'Files' : `Files in ${folder}`}
						className={classes.grid!}
						rows={rows}
						columns={columns}
						nameOf={({ name }) => name}
						selection={selection}
						rowHeight={61}
						hasMore={query.hasNextPage}
						onEnd={() => void (query.isFetchingNextPage || query.fetchNextPage())}
						onOpen={openEntry}
						onRowKey={(event, entry) => {
							const concerned = chosen.length > 0 ? chosen : [entry];
							if (event.key === 'Delete') void trash(concerned);
							else if (event.key === 'F2') setMoving(concerned);
							else return;
							event.preventDefault();
						}}
					/>
				)}
			</div>
			<DropZone folder={folder} />
			<OnDemand wanted={makingFolder}>
				{(opened) => <NewFolderDialog opened={opened} folder={folder} onClose={() => setMakingFolder(false)} />}
			</OnDemand>
			<OnDemand wanted={openingDrive}>
				{(opened) => <DriveDialog opened={opened} onClose={() => setOpeningDrive(false)} />}
			</OnDemand>
			<OnDemand wanted={moving.length > 0}>
				{(opened) => <MoveDialog entries={opened ? moving : NONE} onClose={() => setMoving(NONE)} />}
			</OnDemand>
			<OnDemand wanted={shownFile !== ''}>
				{(opened) => (
					<DetailsDrawer
						id={opened ? shownFile : null}
						onClose={() => showFile('')}
						onMove={(file) => setMoving([file])}
					/>
				)}
			</OnDemand>
		</>
	);
};

interface Counted {
	rows: readonly FolderEntry[];
	read: number;
	isFiltered: boolean;
	hasMore: boolean;
}

const countWords = ({ rows, read, isFiltered, hasMore }: Counted): string => {
	if (isFiltered && hasMore) return `${formatCount(rows.length)} so far, still looking`;
	if (isFiltered) return `${formatCount(rows.length)} of ${formatCount(read)}`;
	if (hasMore) return `${formatCount(read)} and more`;
	const folders = rows.filter(({ kind }) => kind === 'folder').length;
	const files = rows.length - folders;
	const parts = [folders > 0 && plural(folders, 'folder'), files > 0 && plural(files, 'file')];
	return parts.filter(Boolean).join(', ');
};

interface ChosenBarProps {
	chosen: readonly FolderEntry[];
	onMove(): void;
	onClear(): void;
}

const ChosenBar = ({ chosen, onMove, onClear }: ChosenBarProps) => {
	const navigate = useNavigate();
	const files = chosen.filter((entry) => entry.kind === 'file');
	// One folder alone is processed as what is in it.
	const [folder] = files.length === 0 && chosen.length === 1 ? chosen : [];
	const process = () => {
		const url = folder ? `/process?folder=${encodeURIComponent(folder.path)}` : urlOfProcess(files, sessionStorage);
		if (url === null)
			notifyError('Too many files at once', 'This tab has no room for the selection; choose fewer files.');
		else void navigate(url);
	};
	const what = folder
		? 'Process the folder…'
		: files.length < chosen.length
			? `Process ${plural(files.length, 'file')}…`
			: 'Process…';
	return (
		<SelectionBar words={`${formatCount(chosen.length)} selected`} onClear={onClear}>
			{(files.length > 0 || folder) && (
				<Button variant="default" size="sm" leftSection={<Icon name="zap" size={16} />} onClick={process}>
					{what}
				</Button>
			)}
			<Button
				variant="default"
				size="sm"
				leftSection={<Icon name="download" size={16} />}
				onClick={() => void downloadChosen(chosen)}
			>
				Download
			</Button>
			<Button variant="default" size="sm" leftSection={<Icon name="move" size={16} />} onClick={onMove}>
				Move
			</Button>
			<Button
				variant="default"
				size="sm"
				leftSection={<Icon name="trash" size={16} />}
				onClick={() => void trash(chosen)}
			>
				Delete
			</Button>
		</SelectionBar>
	);
};
