import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { listUsageRecords, readUsageCut, type UsageFilter } from '../../../shared/client/usage.ts';
import { http } from '../../kit/remote/api.ts';
import { keys } from '../remote/keys.ts';
import { addressOf, askedOf, type UsageAsked } from './usage-query.ts';

const EVERY_MS = 60_000;
const RECORDS = 100;

/** What the address asks for, and how it is asked for something else. */
export const useAsked = (): [UsageAsked, (next: UsageAsked) => void] => {
	const [params, setParams] = useSearchParams();
	const asked = useMemo(() => askedOf(params), [params]);
	const set = useCallback(
		(next: UsageAsked) => setParams(new URLSearchParams(addressOf(next).split('?')[1])),
		[setParams],
	);
	return [asked, set];
};

/** One cut; the one before stays until it is there. */
export const useCut = (filter: UsageFilter, isEnabled = true) =>
	useQuery({
		queryKey: keys.usageCut(filter),
		queryFn: ({ signal }) => readUsageCut(http, filter, { signal }),
		placeholderData: keepPreviousData,
		refetchInterval: EVERY_MS,
		enabled: isEnabled,
	});

/** The records of what is asked for, the newest first, and from when on there are any. */
export const useRecords = ({ from, to, narrowed: { group: _, ...narrowed } }: UsageAsked) => {
	const filter = { from, to, ...narrowed };
	const query = useInfiniteQuery({
		queryKey: keys.usageRecords(filter),
		queryFn: ({ pageParam, signal }) => {
			const page = { limit: RECORDS, ...(pageParam === undefined ? {} : { cursor: pageParam }) };
			return listUsageRecords(http, { ...filter, ...page }, { signal });
		},
		initialPageParam: undefined as string | undefined,
		getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
	});
	const rows = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data]);
	return { ...query, rows };
};
