import { z } from 'zod';
import { pageOf, pageQuerySchema } from '../../../../shared/protocol/json.ts';
import {
	reasonQuerySchema,
	rollBackSchema,
	type ServiceClassView,
	serviceClassNameSchema,
	serviceClassSettingsSchema,
	serviceClassVersionSchema,
	serviceClassViewSchema,
} from '../../../../shared/protocol/service-class.ts';
import { doerOf } from '../../../accounts/actor.ts';
import type { ClassChange, ServiceClasses } from '../../../qos/service-classes.ts';
import { etagOf, readCondition } from '../../content/content-headers.ts';
import { type AnyRoute, defineRoute, type RouteContext } from '../route.ts';

const PATH = '/api/v1/admin/service-classes';
const params = z.strictObject({ name: serviceClassNameSchema });

type Asked = Pick<RouteContext<undefined, undefined, undefined>, 'actor' | 'request' | 'reply'>;

export const serviceClassRoutes = ({ serviceClasses }: { serviceClasses: ServiceClasses }): AnyRoute[] => {
	const change = ({ actor, request }: Asked, reason: string | undefined): ClassChange => ({
		condition: readCondition(request.headers),
		reason,
		by: doerOf(actor),
	});
	const shown = ({ reply }: Pick<Asked, 'reply'>, view: ServiceClassView): ServiceClassView => {
		reply.header('etag', etagOf(String(view.version)));
		return view;
	};

	return [
		defineRoute({
			method: 'GET',
			path: PATH,
			access: { verb: 'read', kind: 'service-class' },
			summary: 'List service classes',
			tag: 'service classes',
			answers: { 200: pageOf(serviceClassViewSchema) },
			handler: async () => ({ items: await serviceClasses.list(), nextCursor: null }),
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/:name`,
			access: { verb: 'read', kind: 'service-class' },
			summary: 'One service class; its entity tag is its version',
			tag: 'service classes',
			params,
			answers: { 200: serviceClassViewSchema },
			handler: async (context) => shown(context, await serviceClasses.get(context.params.name)),
		}),
		defineRoute({
			method: 'PUT',
			path: `${PATH}/:name`,
			access: { verb: 'write', kind: 'service-class' },
			fresh: true,
			summary: 'Make a service class or replace its settings, also for tasks in line; what is left out is plain',
			tag: 'service classes',
			params,
			query: reasonQuerySchema,
			body: serviceClassSettingsSchema,
			answers: { 200: serviceClassViewSchema, 201: serviceClassViewSchema },
			async handler(context) {
				const { params: at, body, query, reply } = context;
				const { view, created } = await serviceClasses.put(at.name, body, change(context, query.reason));
				reply.code(created ? 201 : 200);
				return shown(context, view);
			},
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/:name/versions`,
			access: { verb: 'read', kind: 'service-class' },
			summary: 'Every version of a service class, newest first, with who made it and why',
			tag: 'service classes',
			params,
			query: pageQuerySchema,
			answers: { 200: pageOf(serviceClassVersionSchema) },
			handler: async (context) => serviceClasses.versions(context.params.name, context.query),
		}),
		defineRoute({
			method: 'POST',
			path: `${PATH}/:name::roll-back`,
			access: { verb: 'write', kind: 'service-class' },
			fresh: true,
			summary: 'Give a service class the settings of an earlier version, as a new version; also one that was deleted',
			tag: 'service classes',
			params,
			body: rollBackSchema,
			answers: { 200: serviceClassViewSchema },
			async handler(context) {
				const { params: at, body } = context;
				return shown(context, await serviceClasses.rollBack(at.name, body.version, change(context, body.reason)));
			},
		}),
		defineRoute({
			method: 'DELETE',
			path: `${PATH}/:name`,
			access: { verb: 'delete', kind: 'service-class' },
			fresh: true,
			summary: 'Delete a service class that nobody and nothing goes by; its history stays',
			tag: 'service classes',
			params,
			query: reasonQuerySchema,
			answers: { 204: null },
			async handler(context) {
				await serviceClasses.delete(context.params.name, change(context, context.query.reason));
				context.reply.code(204);
			},
		}),
	];
};
