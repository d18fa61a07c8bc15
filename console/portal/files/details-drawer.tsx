import { ActionIcon, Button, Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { contentPath } from '../../../shared/client/content.ts';
import { readFile } from '../../../shared/client/files.ts';
import type { FileDetail, FolderEntry } from '../../../shared/protocol/file.ts';
import { plural } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { keys } from '../remote/keys.ts';
import { ProvenanceSection } from '../results/provenance-section.tsx';
import classes from './details-drawer.module.css';
import { FactList } from './fact-list.tsx';
import { trash } from './file-acts.ts';
import { FileChips } from './file-chips.tsx';
import { FilePreview } from './file-preview.tsx';
import { VersionList } from './version-list.tsx';

interface DetailsDrawerProps {
	id: string | null;
	onClose(): void;
	onMove(file: FolderEntry): void;
}

/** One file at the side of the list: how it looks, what is known of it, its versions, and how to get it out. */
export const DetailsDrawer = ({ id, onClose, onMove }: DetailsDrawerProps) => {
	const query = useQuery({
		queryKey: keys.file(id ?? ''),
		queryFn: ({ signal }) => readFile(http, id ?? '', { signal }),
		enabled: id !== null,
	});
	const file = id === null ? undefined : query.data;
	return (
		<Drawer
			opened={id !== null}
			onClose={onClose}
			position="right"
			size={460}
			title={file?.name ?? 'Details'}
			overlayProps={{ backgroundOpacity: 0.25 }}
			closeButtonProps={{ 'aria-label': 'Close the details' }}
			classNames={{ title: classes.title!, body: classes.body! }}
		>
			{file ? (
				<Details file={file} onMove={onMove} onClose={onClose} />
			) : query.isError ? (
				<ErrorState error={query.error} what="The file cannot be shown" onRetry={() => void query.refetch()} />
			) : (
				<LoadingState what="the file" />
			)}
		</Drawer>
	);
};

const Details = ({ file, onMove, onClose }: { file: FileDetail } & Omit<DetailsDrawerProps, 'id'>) => {
	const { versions: _, versionsCursor: __, settlesAt: ___, ...summary } = file;
	const entry: FolderEntry = { ...summary, kind: 'file' };
	return (
		<>
			<FilePreview file={file} />
			<div className={classes.acts}>
				<Button component="a" href={contentPath(file.path)} download leftSection={<Icon name="download" size={17} />}>
					Download
				</Button>
				<Button
					variant="default"
					leftSection={<Icon name="edit" size={16} />}
					onClick={() => {
						onClose();
						onMove(entry);
					}}
				>
					Rename or move
				</Button>
				<ActionIcon
					variant="default"
					size={36}
					aria-label={`Delete ${file.name}`}
					onClick={() => {
						onClose();
						void trash([entry]);
					}}
				>
					<Icon name="trash" size={17} />
				</ActionIcon>
			</div>
			<section className={classes.section}>
				<div className={classes.sectionHead}>
					<h3>Processing</h3>
					<Button
						component={Link}
						to={`/process?files=${file.id}`}
						variant="default"
						size="xs"
						leftSection={<Icon name="zap" size={15} />}
					>
						Process…
					</Button>
				</div>
				{file.settlesAt !== null && file.tasks.length === 0 && (
					<p className={classes.none}>
						A program on your network drive may still be writing it. What follows begins when that program is done, or{' '}
						<RelativeTime at={file.settlesAt} />.
					</p>
				)}
				{file.tasks.length > 0 ? <FileChips tasks={file.tasks} /> : <p className={classes.none}>No tasks yet.</p>}
				{file.tasks.length > 0 && (
					<Link className={classes.more!} to={`/tasks?file=${file.id}`}>
						All {plural(file.tasks.length, 'task')} of this file
					</Link>
				)}
			</section>
			<section className={classes.section}>
				<h3>How this was made</h3>
				<ProvenanceSection file={file} />
			</section>
			<section className={classes.section}>
				<h3>Facts</h3>
				<FactList file={file} />
			</section>
			<section className={classes.section}>
				<h3>Versions</h3>
				<VersionList key={file.id} file={file} />
			</section>
		</>
	);
};
