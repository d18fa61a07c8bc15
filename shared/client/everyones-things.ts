import { type EveryonesKind, type EveryonesQuery, everyonesThingSchema } from '../protocol/everyones-thing.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import { listOf } from './page.ts';

/** Everybody's recipes, schedules and the like, newest first. */
export const listEveryones = (
	http: HttpClient,
	kind: EveryonesKind,
	query: EveryonesQuery = {},
	options: Pick<CallOptions, 'signal'> = {},
) =>
	http.json('GET', `/api/v1/admin/things/${kind}`, listOf(everyonesThingSchema), {
		query: query as Record<string, string>,
		...options,
	});
