import { ActionIcon, Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { fileContentUrl, listVersions } from '../../../shared/client/files.ts';
import type { FileDetail } from '../../../shared/protocol/file.ts';
import { formatBytes } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { rowsOf } from '../../kit/live/pages.ts';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { RelativeTime } from '../../kit/time.tsx';
import { keys } from '../remote/keys.ts';
import classes from './details-drawer.module.css';

const PAGE = 100;

/** The versions of a file, the newest first: those that came with it, and older ones when they are asked for. */
export const VersionList = ({ file }: { file: FileDetail }) => {
	const { id, versionsCursor } = file;
	const [isAsked, setAsked] = useState(false);
	const older = useInfiniteQuery({
		queryKey: keys.olderVersions(id, file.version),
		queryFn: ({ pageParam, signal }) => listVersions(http, id, { limit: PAGE, cursor: pageParam }, { signal }),
		initialPageParam: versionsCursor ?? '',
		getNextPageParam: (page) => page.nextCursor ?? undefined,
		enabled: isAsked && versionsCursor !== null,
	});
	const hasMore = older.data ? older.hasNextPage : versionsCursor !== null;
	return (
		<>
			<ol className={classes.versions}>
				{[...file.versions, ...rowsOf(older.data)].map((version) => (
					<li key={version.number}>
						<span className={classes.number}>{version.number}</span>
						<span className={classes.when}>
							<RelativeTime at={version.createdAt} /> · {formatBytes(version.size)}
							{version.number === file.version && ' · current'}
						</span>
						<ActionIcon
							component="a"
							variant="subtle"
							color="gray"
							href={fileContentUrl(http, id, version.number)}
							download={file.name}
							aria-label={`Download version ${version.number}`}
						>
							<Icon name="download" size={16} />
						</ActionIcon>
					</li>
				))}
			</ol>
			{older.isError && <p className={classes.none}>{errorText(older.error)}</p>}
			{hasMore && (
				<Button
					variant="default"
					size="xs"
					loading={older.isFetching}
					onClick={() => {
						if (older.data || older.isError) void older.fetchNextPage();
						setAsked(true);
					}}
				>
					Show older versions
				</Button>
			)}
		</>
	);
};
