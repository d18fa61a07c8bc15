import { z } from 'zod';
import {
	type GroupView,
	groupChangeSchema,
	groupDetailSchema,
	groupMemberSchema,
	groupViewSchema,
	newGroupSchema,
} from '../../../../shared/protocol/group.ts';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { pageOf, pageQuerySchema } from '../../../../shared/protocol/json.ts';
import { doerOf } from '../../../accounts/actor.ts';
import type { Groups } from '../../../qos/groups.ts';
import { etagOf, readCondition } from '../../content/content-headers.ts';
import { type AnyRoute, defineRoute, type RouteContext } from '../route.ts';

const PATH = '/api/v1/admin/groups';
const params = z.strictObject({ id: idSchema('group') });
const memberParams = z.strictObject({ id: idSchema('group'), user: idSchema('user') });

type Asked = Pick<RouteContext<undefined, undefined, undefined>, 'reply'>;

export const groupRoutes = ({ groups }: { groups: Groups }): AnyRoute[] => {
	const shown = <T extends GroupView>({ reply }: Asked, view: T): T => {
		reply.header('etag', etagOf(String(view.version)));
		return view;
	};
	const member = (method: 'PUT' | 'DELETE', summary: string): AnyRoute =>
		defineRoute({
			method,
			path: `${PATH}/:id/members/:user`,
			access: { verb: 'write', kind: 'group' },
			summary,
			tag: 'groups',
			params: memberParams,
			answers: { 204: null },
			async handler({ actor, params: { id, user }, reply }) {
				await groups.setMember(id, user, method === 'PUT', doerOf(actor));
				reply.code(204);
			},
		});

	return [
		defineRoute({
			method: 'GET',
			path: PATH,
			access: { verb: 'read', kind: 'group' },
			summary: 'List groups of people',
			tag: 'groups',
			query: pageQuerySchema,
			answers: { 200: pageOf(groupViewSchema) },
			handler: async ({ query }) => groups.list(query),
		}),
		defineRoute({
			method: 'POST',
			path: PATH,
			access: { verb: 'write', kind: 'group' },
			summary: 'Make a group',
			tag: 'groups',
			body: newGroupSchema,
			answers: { 201: groupViewSchema },
			async handler(context) {
				const made = await groups.create(context.body, doerOf(context.actor));
				context.reply.code(201);
				return shown(context, made);
			},
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/:id`,
			access: { verb: 'read', kind: 'group' },
			summary: 'One group, with what counts for its people now, value by value, and where each comes from',
			tag: 'groups',
			params,
			answers: { 200: groupDetailSchema },
			handler: async (context) => shown(context, await groups.get(context.params.id)),
		}),
		defineRoute({
			method: 'PATCH',
			path: `${PATH}/:id`,
			access: { verb: 'write', kind: 'group' },
			summary: 'Change a group’s name, the group that it lies in, or the service class that it gives',
			tag: 'groups',
			params,
			body: groupChangeSchema,
			answers: { 200: groupViewSchema },
			async handler(context) {
				const { actor, params: at, body, request } = context;
				const condition = readCondition(request.headers);
				return shown(context, await groups.change(at.id, body, condition, doerOf(actor)));
			},
		}),
		defineRoute({
			method: 'DELETE',
			path: `${PATH}/:id`,
			access: { verb: 'delete', kind: 'group' },
			summary: 'Delete a group in which no other lies; its members leave it',
			tag: 'groups',
			params,
			answers: { 204: null },
			async handler({ actor, params: { id }, request, reply }) {
				await groups.delete(id, readCondition(request.headers), doerOf(actor));
				reply.code(204);
			},
		}),
		defineRoute({
			method: 'GET',
			path: '/api/v1/admin/users/:id/groups',
			access: { verb: 'read', kind: 'group' },
			summary: 'The groups that somebody is in, not by a group within them',
			tag: 'groups',
			params: z.strictObject({ id: idSchema('user') }),
			answers: { 200: pageOf(groupViewSchema) },
			handler: async ({ params: { id } }) => ({ items: await groups.of(id), nextCursor: null }),
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/:id/members`,
			access: { verb: 'read', kind: 'group' },
			summary: 'Who is in a group',
			tag: 'groups',
			params,
			query: pageQuerySchema,
			answers: { 200: pageOf(groupMemberSchema) },
			handler: async ({ params: { id }, query }) => groups.members(id, query),
		}),
		member('PUT', 'Put somebody into a group'),
		member('DELETE', 'Take somebody out of a group'),
	];
};
