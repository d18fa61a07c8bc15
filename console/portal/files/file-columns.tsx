import { ActionIcon, Menu } from '@mantine/core';
import { Link } from 'react-router';
import { contentPath } from '../../../shared/client/content.ts';
import type { FolderEntry } from '../../../shared/protocol/file.ts';
import { formatBytes } from '../../kit/format.ts';
import type { RowColumn } from '../../kit/grid-row.tsx';
import { Icon } from '../../kit/icons.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { EntryIcon } from './entry-icon.tsx';
import { FileChips } from './file-chips.tsx';
import { dimensionsOf, typeWord } from './file-facts.ts';
import classes from './files.module.css';
import { urlOfFile, urlOfFolder } from './folder-url.ts';

interface ColumnActs {
	onMove(entry: FolderEntry): void;
	onTrash(entry: FolderEntry): void;
}

const sizeOf = (entry: FolderEntry): string => (entry.kind === 'file' ? formatBytes(entry.size) : '–');

const kindOf = (entry: FolderEntry): string =>
	entry.kind === 'folder' ? 'Folder' : (typeWord(entry.facts) ?? 'not known yet');

/** What the list of a folder shows of each thing. */
export const fileColumns = (acts: ColumnActs): RowColumn<FolderEntry>[] => [
	{
		name: 'name',
		head: 'Name',
		cell: (entry) => (
			<div className={classes.nameCell} data-drop-folder={entry.kind === 'folder' ? entry.path : undefined}>
				<EntryIcon entry={entry} />
				<div className={classes.names}>
					<Link className={classes.name!} to={entry.kind === 'folder' ? urlOfFolder(entry.path) : urlOfFile(entry)}>
						{entry.name}
					</Link>
					<span className={classes.under}>
						{entry.kind === 'folder' ? 'Folder' : `${sizeOf(entry)} · `}
						{entry.kind === 'file' && <RelativeTime at={entry.modifiedAt} />}
					</span>
				</div>
			</div>
		),
	},
	{
		name: 'processing',
		head: 'Processing',
		cell: (entry) => (entry.kind === 'file' && entry.tasks.length > 0 ? <FileChips tasks={entry.tasks} brief /> : null),
	},
	{
		name: 'type',
		head: 'Type',
		cell: (entry) => (
			<span className={classes.quiet}>
				{kindOf(entry)}
				{entry.kind === 'file' && dimensionsOf(entry.facts) && <small>{dimensionsOf(entry.facts)}</small>}
			</span>
		),
	},
	{ name: 'size', head: 'Size', cell: (entry) => <span className={classes.quiet}>{sizeOf(entry)}</span> },
	{
		name: 'modified',
		head: 'Modified',
		cell: (entry) => (
			<span className={classes.quiet}>
				<RelativeTime at={entry.kind === 'file' ? entry.modifiedAt : entry.createdAt} />
			</span>
		),
	},
	{
		name: 'acts',
		head: <span className="millrace-off-screen">Acts</span>,
		cell: (entry) => <EntryMenu entry={entry} {...acts} />,
	},
];

const urlOfProcessing = (entry: FolderEntry): string =>
	entry.kind === 'folder' ? `/process?folder=${encodeURIComponent(entry.path)}` : `/process?files=${entry.id}`;

const EntryMenu = ({ entry, onMove, onTrash }: { entry: FolderEntry } & ColumnActs) => (
	<Menu position="bottom-end">
		<Menu.Target>
			<ActionIcon variant="subtle" color="gray" aria-label={`Acts on ${entry.name}`}>
				<Icon name="dots" />
			</ActionIcon>
		</Menu.Target>
		<Menu.Dropdown>
			{entry.kind === 'file' && (
				<>
					<Menu.Item component={Link} to={urlOfFile(entry)} leftSection={<Icon name="search" />}>
						Details
					</Menu.Item>
					<Menu.Item component="a" href={contentPath(entry.path)} download leftSection={<Icon name="download" />}>
						Download
					</Menu.Item>
				</>
			)}
			<Menu.Item component={Link} to={urlOfProcessing(entry)} leftSection={<Icon name="zap" />}>
				Process…
			</Menu.Item>
			<Menu.Item leftSection={<Icon name="edit" />} onClick={() => onMove(entry)}>
				Rename or move
			</Menu.Item>
			<Menu.Divider />
			<Menu.Item leftSection={<Icon name="trash" />} onClick={() => onTrash(entry)}>
				Delete
			</Menu.Item>
		</Menu.Dropdown>
	</Menu>
);
