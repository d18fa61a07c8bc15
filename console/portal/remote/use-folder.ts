import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { listFolder, listTrash } from '../../../shared/client/files.ts';
import type { FolderEntry } from '../../../shared/protocol/file.ts';
import { type Page, rowsOf } from '../../kit/live/pages.ts';
import { http } from '../../kit/remote/api.ts';
import { keys } from './keys.ts';

const PAGE = 500;

type ReadPage = (cursor: string | undefined, signal: AbortSignal) => Promise<Page<FolderEntry>>;

const useEntries = (key: readonly string[], read: ReadPage) => {
	const query = useInfiniteQuery({
		queryKey: key,
		queryFn: ({ pageParam, signal }) => read(pageParam, signal),
		initialPageParam: undefined as string | undefined,
		getNextPageParam: (page) => page.nextCursor ?? undefined,
	});
	const entries = useMemo(() => rowsOf(query.data), [query.data]);
	return { ...query, entries };
};

const pageOf = (cursor: string | undefined) => ({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });

/** What lies in a folder, page after page. */
export const useFolder = (folder: string) =>
	useEntries(keys.folder(folder), (cursor, signal) => listFolder(http, folder, pageOf(cursor), { signal }));

/** What lies in the trash. */
export const useTrash = () => useEntries(keys.trash, (cursor, signal) => listTrash(http, pageOf(cursor), { signal }));

/** Rows whose names hold the text; the rest of the folder is read for it, so that nothing is missed. */
export const useFiltered = (
	folder: Pick<ReturnType<typeof useFolder>, 'entries' | 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'>,
	text: string,
): FolderEntry[] => {
	const { entries, hasNextPage, isFetchingNextPage, fetchNextPage } = folder;
	const wanted = text.trim().toLocaleLowerCase();
	useEffect(() => {
		if (wanted !== '' && hasNextPage && !isFetchingNextPage) void fetchNextPage();
	}, [wanted, hasNextPage, isFetchingNextPage, fetchNextPage]);
	return useMemo(
		() => (wanted === '' ? entries : entries.filter(({ name }) => name.toLocaleLowerCase().includes(wanted))),
		[entries, wanted],
	);
};
