import { z } from 'zod';
import { newPricesSchema, priceVersionSchema } from '../../../../shared/protocol/price-book.ts';
import type { Accounting } from '../../../accounting/accounting.ts';
import { doerOf } from '../../../accounts/actor.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const PATH = '/api/v1/admin/price-book';

export const priceBookRoutes = ({ accounting: { prices } }: { accounting: Accounting }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: PATH,
		access: { verb: 'read', kind: 'accounting' },
		summary: 'Every version of what things cost, the newest first',
		tag: 'usage',
		answers: { 200: z.object({ items: z.array(priceVersionSchema) }) },
		handler: async () => ({ items: prices.list() }),
	}),
	defineRoute({
		method: 'POST',
		path: PATH,
		access: { verb: 'write', kind: 'accounting' },
		fresh: true,
		summary: 'Set what things cost from some time on; what was used before keeps its price',
		tag: 'usage',
		body: newPricesSchema,
		answers: { 201: priceVersionSchema },
		async handler({ actor, body, reply }) {
			const added = await prices.add(body, doerOf(actor));
			reply.code(201);
			return added;
		},
	}),
	defineRoute({
		method: 'DELETE',
		path: `${PATH}/:version`,
		access: { verb: 'delete', kind: 'accounting' },
		fresh: true,
		summary: 'Withdraw a version that does not count yet',
		tag: 'usage',
		params: z.strictObject({ version: z.coerce.number().int().min(1) }),
		answers: { 204: null },
		async handler({ actor, params, reply }) {
			await prices.withdraw(params.version, doerOf(actor));
			reply.code(204);
		},
	}),
];
