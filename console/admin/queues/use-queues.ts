import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { readHistory } from '../../../shared/client/history.ts';
import { listQueues, readQueue, testRoutingKey } from '../../../shared/client/queues.ts';
import { listTasks } from '../../../shared/client/tasks.ts';
import { routingKeySchema } from '../../../shared/protocol/task.ts';
import { http } from '../../kit/remote/api.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { keepNewer } from '../live/patch-queues.ts';
import { keys } from '../remote/keys.ts';

/** Trends and who serves it come with the list only; the rest is live. */
const LIST_MS = 30_000;
const DETAIL_MS = 5_000;

export const useQueues = () =>
	useQuery({
		queryKey: keys.queueList,
		queryFn: async ({ signal }) =>
			keepNewer(await listQueues(http, {}, { signal }), queryClient.getQueryData(keys.queueList)),
		refetchInterval: LIST_MS,
	});

export const useQueue = (name: string) =>
	useQuery({
		queryKey: keys.queue(name),
		queryFn: ({ signal }) => readQueue(http, name, { signal }),
		refetchInterval: DETAIL_MS,
	});

export const SPANS = { hour: 3_600_000, day: 24 * 3_600_000, week: 7 * 24 * 3_600_000 } as const;
export type Span = keyof typeof SPANS;

const MEASURES = 'depth,running,oldestMs,inPerSecond,outPerSecond,waitP50Ms,waitP95Ms';

export const useQueueHistory = (name: string, span: Span) =>
	useQuery({
		queryKey: keys.queueHistory(name, span),
		queryFn: ({ signal }) => {
			const from = new Date(Date.now() - SPANS[span]).toISOString();
			return readHistory(http, 'queue', name, { from, measures: MEASURES }, { signal });
		},
		refetchInterval: span === 'hour' ? 10_000 : 60_000,
		placeholderData: keepPreviousData,
	});

/** The newest that are in line there. */
export const useQueueTasks = (name: string, limit: number) =>
	useQuery({
		queryKey: keys.queueTasks(name),
		queryFn: ({ signal }) => listTasks(http, { queue: name, state: 'queued', owner: 'all', limit }, { signal }),
	});

/** Where a routing key leads; nothing is asked of what is none. */
export const useRoute = (routingKey: string) =>
	useQuery({
		queryKey: keys.route(routingKey),
		queryFn: ({ signal }) => testRoutingKey(http, routingKey, { signal }),
		enabled: routingKeySchema.safeParse(routingKey).success,
		placeholderData: keepPreviousData,
	});
