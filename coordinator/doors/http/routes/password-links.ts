import { z } from 'zod';
import {
	passwordLinkReadSchema,
	passwordLinkUseSchema,
	passwordLinkViewSchema,
} from '../../../../shared/protocol/account.ts';
import type { Accounts } from '../../../accounts/accounts.ts';
import { addressOf } from '../address-of.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

/** For whoever holds a link: the token comes in the body, where nothing logs it. */
export const passwordLinkRoutes = ({ accounts: { passwordLinks } }: { accounts: Accounts }): AnyRoute[] => [
	defineRoute({
		method: 'POST',
		path: '/api/v1/password-links::read',
		access: 'public',
		summary: 'Whose a link is that an administrator made for choosing a password',
		tag: 'session',
		body: passwordLinkReadSchema,
		isSignIn: true,
		answers: { 200: passwordLinkViewSchema },
		async handler({ body, request }) {
			const { username, purpose, expiresAt } = await passwordLinks.read(body.token, addressOf(request));
			return { username, purpose, expiresAt: new Date(expiresAt).toISOString() };
		},
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/password-links::use',
		access: 'public',
		summary: 'Choose a password by a link, which is then used up; ends the person’s sessions',
		tag: 'session',
		body: passwordLinkUseSchema,
		isSignIn: true,
		answers: { 200: z.object({ username: z.string() }) },
		async handler({ body, request }) {
			const { username } = await passwordLinks.use(body.token, body.password, addressOf(request));
			return { username };
		},
	}),
];
