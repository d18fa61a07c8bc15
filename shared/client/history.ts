import { type History, type HistoryKind, historySchema, type Resolution } from '../protocol/history.ts';
import type { CallOptions, HttpClient } from './http-client.ts';

/** Instants; what is left out is the last hour, as finely as it is kept, and every measure. */
export interface HistoryWish {
	from?: string | undefined;
	to?: string | undefined;
	resolution?: Resolution | undefined;
	/** By commas. */
	measures?: string | undefined;
}

const PATHS: Record<HistoryKind, (name: string) => string> = {
	node: (id) => `nodes/${id}/history`,
	queue: (name) => `queues/${name}/history`,
	class: (name) => `service-classes/${name}/history`,
	coordinator: () => 'history',
};

/** `name` is a node’s id, a queue’s or class’s name; of the coordinator it does not matter. */
export const readHistory = (
	http: HttpClient,
	kind: HistoryKind,
	name: string,
	wish: HistoryWish = {},
	options: Pick<CallOptions, 'signal'> = {},
): Promise<History> =>
	http.json('GET', `/api/v1/admin/${PATHS[kind](encodeURIComponent(name))}`, historySchema, {
		query: { ...wish },
		...options,
	});
