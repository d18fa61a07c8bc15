import { ActionIcon, Button } from '@mantine/core';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { DatasetItem, DatasetView } from '../../../shared/protocol/dataset.ts';
import { formatBytes } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { Picture } from '../../kit/picture.tsx';
import pageClasses from '../../kit/shell/page.module.css';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { isSmallPicture, urlOfProcess } from './dataset-words.ts';
import classes from './datasets.module.css';
import { FileDialog } from './file-dialog.tsx';
import { contentUrl, useFolder } from './use-datasets.ts';

export type DatasetFile = Extract<DatasetItem, { kind: 'file' }>;

interface BrowseCardProps {
	dataset: DatasetView;
	version: number;
}

/** What is in a version, folder by folder. */
export const BrowseCard = ({ dataset, version }: BrowseCardProps) => {
	const [params] = useSearchParams();
	const folder = params.get('folder') ?? '';
	const linkTo = (to: string) => {
		const query = new URLSearchParams({
			...(to === '' ? {} : { folder: to }),
			...(version === dataset.version ? {} : { version: String(version) }),
		});
		return `?${query}`;
	};
	const steps = folder === '' ? [] : folder.split('/');
	const isUsable = dataset.licence.accepted;
	return (
		<section className={pageClasses.card}>
			<div className={pageClasses.cardHead}>
				<h2>{version === dataset.version ? 'Files' : `Files of version ${version}`}</h2>
				{folder !== '' && isUsable && (
					<Button
						component={Link}
						to={urlOfProcess(dataset.name, folder)}
						variant="default"
						size="xs"
						leftSection={<Icon name="zap" size={15} />}
					>
						Process this folder…
					</Button>
				)}
			</div>
			{steps.length > 0 && (
				<nav aria-label="Folder of the dataset">
					<ol className={classes.steps}>
						<li>
							<Link className={pageClasses.link} to={linkTo('')}>
								{dataset.name}
							</Link>
						</li>
						{steps.map((name, at) => {
							const path = steps.slice(0, at + 1).join('/');
							return (
								<li key={path}>
									<Icon name="chevronRight" size={14} />
									{at === steps.length - 1 ? (
										<span aria-current="page">{name}</span>
									) : (
										<Link className={pageClasses.link} to={linkTo(path)}>
											{name}
										</Link>
									)}
								</li>
							);
						})}
					</ol>
				</nav>
			)}
			{!isUsable && (
				<p className={classes.locked}>
					<Icon name="key" size={16} />
					<span>
						To open or download these files,{' '}
						<a className={pageClasses.link} href="#licence">
							accept the licence
						</a>{' '}
						first.
					</span>
				</p>
			)}
			{version === 0 ? (
				<p className={pageClasses.quiet}>There is no version yet.</p>
			) : (
				<Entries dataset={dataset} version={version} folder={folder} linkTo={linkTo} />
			)}
		</section>
	);
};

const Entries = (props: BrowseCardProps & { folder: string; linkTo(folder: string): string }) => {
	const { dataset, version, folder, linkTo } = props;
	const [shown, setShown] = useState<DatasetFile | null>(null);
	const query = useFolder(dataset.id, version, folder);
	const { rows } = query;
	if (query.isPending) return <LoadingState what="its files" />;
	if (query.isError && rows.length === 0) {
		return <ErrorState error={query.error} what="Its files cannot be shown" onRetry={() => void query.refetch()} />;
	}
	if (rows.length === 0) return <p className={pageClasses.quiet}>Nothing is in this folder.</p>;
	return (
		<>
			<ul className={classes.entries}>
				{rows.map((item) => (
					<li key={`${item.kind} ${item.path}`}>
						{item.kind === 'folder' ? (
							<>
								<span className={classes.icon}>
									<Icon name="folder" size={20} />
								</span>
								<Link className={classes.entryName!} to={linkTo(item.path)}>
									{item.name}
								</Link>
							</>
						) : (
							<FileRow dataset={dataset} version={version} file={item} onShow={() => setShown(item)} />
						)}
					</li>
				))}
			</ul>
			{query.hasNextPage && (
				<Button
					className={pageClasses.more!}
					variant="default"
					size="sm"
					loading={query.isFetchingNextPage}
					onClick={() => void query.fetchNextPage()}
				>
					More files
				</Button>
			)}
			<FileDialog dataset={dataset} version={version} file={shown} onClose={() => setShown(null)} />
		</>
	);
};

const FileRow = (props: BrowseCardProps & { file: DatasetFile; onShow(): void }) => {
	const { dataset, version, file, onShow } = props;
	const isUsable = dataset.licence.accepted;
	const kind = (
		<span className={classes.icon}>
			<Icon name={file.mediaType?.startsWith('image/') ? 'image' : 'file'} size={20} />
		</span>
	);
	return (
		<>
			{isUsable && isSmallPicture(file) ? (
				<Picture
					className={classes.icon}
					src={contentUrl(dataset.name, file.path, version, true)}
					alt=""
					loading="lazy"
					decoding="async"
					otherwise={kind}
				/>
			) : (
				kind
			)}
			<button type="button" className={classes.entryName} onClick={onShow}>
				{file.name}
			</button>
			<span className={`${pageClasses.quiet} ${classes.size}`}>{formatBytes(file.size)}</span>
			{isUsable && (
				<ActionIcon
					component="a"
					variant="subtle"
					color="gray"
					href={contentUrl(dataset.name, file.path, version)}
					download={file.name}
					aria-label={`Download ${file.name}`}
				>
					<Icon name="download" size={16} />
				</ActionIcon>
			)}
		</>
	);
};
