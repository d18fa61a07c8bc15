import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type Page, rowsOf } from '../live/pages.ts';

export interface PageAsked {
	limit: number;
	cursor?: string;
}

/** A list that is read page after page. */
export const usePages = <T>(
	queryKey: QueryKey,
	limit: number,
	read: (page: PageAsked, signal: AbortSignal) => Promise<Page<T>>,
	/** `refetchInterval`: how often it is read again, for what no live update tells of. */
	more: { refetchInterval?: number; staleTime?: number } = {},
) => {
	const query = useInfiniteQuery({
		queryKey,
		queryFn: ({ pageParam, signal }) =>
			read({ limit, ...(pageParam === undefined ? {} : { cursor: pageParam }) }, signal),
		initialPageParam: undefined as string | undefined,
		getNextPageParam: (page) => page.nextCursor ?? undefined,
		...more,
	});
	const rows = useMemo(() => rowsOf(query.data), [query.data]);
	return { ...query, rows };
};
