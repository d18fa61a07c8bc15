import {
	alertTestSchema,
	mailSettingsSchema,
	mailTestSchema,
	mailViewSchema,
} from '../../../../shared/protocol/mail.ts';
import { doerOf } from '../../../accounts/actor.ts';
import type { Alerts } from '../../../health/alerts.ts';
import type { Mail } from '../../../mail/mail.ts';
import { etagOf, readCondition } from '../../content/content-headers.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const PATH = '/api/v1/admin/mail';
const tag = 'health';
const READ = { verb: 'read', kind: 'settings' } as const;
const WRITE = { verb: 'write', kind: 'settings' } as const;
/** A certificate and all characters of a password escaped. */
const BODY_LIMIT = 256 * 1024;

/** Where alerts go by mail, and whether they get there. */
export const mailRoutes = ({ mail, alerts }: { mail: Mail; alerts: Pick<Alerts, 'test'> }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: PATH,
		access: READ,
		summary: 'By which server alerts go by mail, to whom, and how that goes; never the password',
		tag,
		answers: { 200: mailViewSchema },
		async handler({ reply }) {
			const view = await mail.read();
			reply.header('etag', etagOf(String(view.version)));
			return view;
		},
	}),
	defineRoute({
		method: 'PUT',
		path: PATH,
		access: WRITE,
		summary: 'Have alerts sent by mail; the password is kept sealed, and is needed again for another server or user',
		tag,
		body: mailSettingsSchema,
		bodyLimit: BODY_LIMIT,
		answers: { 200: mailViewSchema },
		async handler({ actor, body, request, reply }) {
			const view = await mail.set(body, { condition: readCondition(request.headers), by: doerOf(actor) });
			reply.header('etag', etagOf(String(view.version)));
			return view;
		},
	}),
	defineRoute({
		method: 'DELETE',
		path: PATH,
		access: { verb: 'delete', kind: 'settings' },
		summary: 'Send no more mails; those that wait are dropped',
		tag,
		answers: { 204: null },
		async handler({ actor, request, reply }) {
			await mail.remove({ condition: readCondition(request.headers), by: doerOf(actor) });
			reply.code(204);
		},
	}),
	defineRoute({
		method: 'POST',
		path: `${PATH}::test`,
		access: WRITE,
		summary: 'Send a mail that means nothing, now, and tell what the server said and what to do',
		tag,
		mostAtOnce: 1,
		answers: { 200: mailTestSchema },
		handler: async ({ actor }) => mail.test(doerOf(actor)),
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/admin/alerts::test',
		access: WRITE,
		summary: 'Tell all administrators, their webhooks and the mail recipients something that means nothing',
		tag,
		mostAtOnce: 1,
		answers: { 202: alertTestSchema },
		async handler({ actor, reply }) {
			const told = await alerts.test(doerOf(actor));
			reply.code(202);
			return told;
		},
	}),
];
