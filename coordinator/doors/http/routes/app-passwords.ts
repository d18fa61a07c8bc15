import { z } from 'zod';
import {
	appPasswordListSchema,
	madeAppPasswordSchema,
	newAppPasswordSchema,
} from '../../../../shared/protocol/account.ts';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import type { Accounts } from '../../../accounts/accounts.ts';
import { accessOf } from '../../../accounts/credentials.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

export const appPasswordRoutes = (
	{ accounts: { credentials } }: { accounts: Accounts },
	/** Where programs find the drive; null: where the coordinator was asked. */
	driveUrl: string | null,
): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/app-passwords',
		access: { verb: 'read', kind: 'account' },
		summary: 'List one’s app passwords, and where the drive is that they open',
		tag: 'app-passwords',
		answers: { 200: appPasswordListSchema },
		async handler({ actor }) {
			const items = await credentials.list(actor, 'app-password');
			return {
				items: items.map(({ id, name, scopes, createdAt, expiresAt, lastUsedAt }) => ({
					id,
					name,
					access: accessOf(scopes),
					createdAt,
					expiresAt,
					lastUsedAt,
				})),
				nextCursor: null,
				driveUrl,
			};
		},
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/app-passwords',
		access: { verb: 'write', kind: 'account' },
		summary:
			'Make a password for one program; it is in this answer and nowhere else. One that a token makes ends with it',
		tag: 'app-passwords',
		body: newAppPasswordSchema,
		answers: { 201: madeAppPasswordSchema },
		async handler({ actor, body, reply }) {
			const made = await credentials.createAppPassword(actor, body);
			reply.code(201);
			return { ...made, driveUrl };
		},
	}),
	defineRoute({
		method: 'DELETE',
		path: '/api/v1/app-passwords/:id',
		access: { verb: 'delete', kind: 'account' },
		summary: 'Take one of one’s app passwords back, at once',
		tag: 'app-passwords',
		params: z.strictObject({ id: idSchema('appPassword') }),
		answers: { 204: null },
		async handler({ actor, params, reply }) {
			await credentials.revoke(actor, 'app-password', params.id);
			reply.code(204);
		},
	}),
];
