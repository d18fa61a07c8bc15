import { z } from 'zod';
import { noticeListQuerySchema, noticePageSchema, readNoticesSchema } from '../../../../shared/protocol/notice.ts';
import type { Notices } from '../../../notices/notices.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const PATH = '/api/v1/notices';

/** One's own only: whose they are goes with every question, and others’ are not there. */
export const noticeRoutes = ({ notices }: { notices: Notices }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: PATH,
		access: { verb: 'read', kind: 'notice' },
		summary: 'What failed, what is done and what has paused itself, newest first',
		tag: 'notices',
		query: noticeListQuerySchema,
		answers: { 200: noticePageSchema },
		handler: async ({ actor, query }) => notices.list(actor.userSeq, query),
	}),
	defineRoute({
		method: 'POST',
		path: `${PATH}::read`,
		access: { verb: 'write', kind: 'notice' },
		summary: 'Mark notices as read: some, or all up to one',
		tag: 'notices',
		body: readNoticesSchema,
		answers: { 200: z.object({ read: z.number() }) },
		handler: async ({ actor, body }) => ({ read: await notices.markRead(actor.userSeq, body) }),
	}),
];
