import { z } from 'zod';
import {
	everyonesKindSchema,
	everyonesQuerySchema,
	everyonesThingSchema,
} from '../../../../shared/protocol/everyones-thing.ts';
import { pageOf } from '../../../../shared/protocol/json.ts';
import { mayNamePeople, requireOversight } from '../../../accounts/oversight.ts';
import type { EveryonesThings } from '../../../things/everyones-things.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

export const everyonesThingRoutes = ({ everyones }: { everyones: Pick<EveryonesThings, 'list'> }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/things/:kind',
		access: { verb: 'read', kind: 'oversight' },
		summary: 'Everybody’s recipes, triggers, schedules, sources, datasets or webhooks, the newest first',
		tag: 'recipes',
		params: z.strictObject({ kind: everyonesKindSchema }),
		query: everyonesQuerySchema,
		answers: { 200: pageOf(everyonesThingSchema) },
		async handler({ actor, params: { kind }, query }) {
			requireOversight(actor, kind);
			return everyones.list(kind, query, mayNamePeople(actor));
		},
	}),
];
