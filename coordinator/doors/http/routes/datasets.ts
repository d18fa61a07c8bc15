import { z } from 'zod';
import { CodedError } from '../../../../shared/coded-error.ts';
import {
	acceptLicenceSchema,
	type DatasetView,
	datasetChangeSchema,
	datasetEntriesQuerySchema,
	datasetEntrySchema,
	datasetFolderQuerySchema,
	datasetGrantsSchema,
	datasetItemSchema,
	datasetRefSchema,
	datasetSharesSchema,
	datasetVersionSchema,
	datasetViewSchema,
	newDatasetSchema,
	publishDatasetSchema,
} from '../../../../shared/protocol/dataset.ts';
import { pageOf, pageQuerySchema } from '../../../../shared/protocol/json.ts';
import { type Actor, doerOf } from '../../../accounts/actor.ts';
import { may, requirePermission } from '../../../accounts/permissions.ts';
import type { Datasets } from '../../../datasets/datasets.ts';
import { etagOf, readCondition } from '../../content/content-headers.ts';
import { type AnyRoute, defineRoute, type RouteContext } from '../route.ts';
import { flag } from './download.ts';

const PATH = '/api/v1/datasets';
const params = z.strictObject({ name: datasetRefSchema.describe('Its name or its id') });
const tag = 'datasets';

const shown = ({ reply }: Pick<RouteContext<undefined, undefined, undefined>, 'reply'>, view: DatasetView) => {
	reply.header('etag', etagOf(String(view.revision)));
	return view;
};

/** Whoever may read a dataset is the room's to say, by its grants; who may change it is asked here, by its owner. */
export const datasetRoutes = ({ datasets }: { datasets: Datasets }): AnyRoute[] => {
	const asked = ({ userSeq }: Actor, { name }: { name: string }) => ({ readerSeq: userSeq, ref: name });
	const allow = async (actor: Actor, verb: 'write' | 'delete', at: { name: string }): Promise<void> => {
		const { ownerSeq } = await datasets.row(asked(actor, at));
		requirePermission(actor, verb, { kind: 'dataset', ownerSeq });
	};

	return [
		defineRoute({
			method: 'GET',
			path: PATH,
			access: { verb: 'read', kind: 'dataset' },
			summary: 'List the datasets that one may read, by name',
			tag,
			query: pageQuerySchema,
			answers: { 200: pageOf(datasetViewSchema) },
			handler: async ({ actor, query }) => datasets.list(actor.userSeq, query),
		}),
		defineRoute({
			method: 'POST',
			path: PATH,
			access: { verb: 'write', kind: 'dataset' },
			summary: 'Make a dataset; its first version is published from a folder of one’s own, without copying',
			tag,
			body: newDatasetSchema,
			answers: { 201: datasetViewSchema },
			async handler(context) {
				const { actor, reply } = context;
				const { name, from, ...about } = context.body;
				const view = await datasets.create(actor.userSeq, { name, about, from }, doerOf(actor));
				reply.code(201);
				return shown(context, view);
			},
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/:name`,
			access: { verb: 'read', kind: 'dataset' },
			summary: 'One dataset with its licence; its entity tag is its revision',
			tag,
			params,
			answers: { 200: datasetViewSchema },
			handler: async (context) => shown(context, await datasets.read(asked(context.actor, context.params))),
		}),
		defineRoute({
			method: 'PATCH',
			path: `${PATH}/:name`,
			access: { verb: 'write', kind: 'dataset' },
			summary: 'Change what is said about a dataset; another licence text must be accepted anew',
			tag,
			params,
			body: datasetChangeSchema,
			answers: { 200: datasetViewSchema },
			async handler(context) {
				const { actor, params: at, body, request } = context;
				await allow(actor, 'write', at);
				const options = { condition: readCondition(request.headers), by: doerOf(actor) };
				return shown(context, await datasets.change(asked(actor, at), body, options));
			},
		}),
		defineRoute({
			method: 'DELETE',
			path: `${PATH}/:name`,
			access: { verb: 'delete', kind: 'dataset' },
			summary: 'Delete a dataset; tasks that were made with it still run to their end',
			tag,
			params,
			query: z.strictObject({
				confirm: z.string().max(100).optional().describe('The dataset’s name once more'),
				force: flag().describe('Also while open tasks read it'),
			}),
			answers: { 204: null },
			async handler({ actor, params: at, query, request, reply }) {
				await allow(actor, 'delete', at);
				const { name } = await datasets.row(asked(actor, at));
				if (query.confirm !== name) {
					const how = `confirm=${name}, on the command line --confirm ${name}`;
					throw new CodedError('confirmation-needed', `To confirm, give the dataset’s name once more: ${how}.`);
				}
				const options = { condition: readCondition(request.headers), by: doerOf(actor), force: query.force };
				await datasets.retire(asked(actor, at), options);
				reply.code(204);
			},
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/:name/versions`,
			access: { verb: 'read', kind: 'dataset' },
			summary: 'Versions of a dataset, newest first',
			tag,
			params,
			query: pageQuerySchema,
			answers: { 200: pageOf(datasetVersionSchema) },
			handler: async ({ actor, params: at, query }) => datasets.versions(asked(actor, at), query),
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/:name/entries`,
			access: { verb: 'read', kind: 'dataset' },
			summary: 'Files of a version, in the order of their paths',
			tag,
			params,
			query: datasetEntriesQuerySchema,
			answers: { 200: pageOf(datasetEntrySchema) },
			handler: async ({ actor, params: at, query }) => datasets.entries(asked(actor, at), query),
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/:name/folder`,
			access: { verb: 'read', kind: 'dataset' },
			summary: 'What lies in a folder of a version itself: its files, and each folder as one line',
			tag,
			params,
			query: datasetFolderQuerySchema,
			answers: { 200: pageOf(datasetItemSchema) },
			handler: async ({ actor, params: at, query }) => datasets.folder(asked(actor, at), query),
		}),
		defineRoute({
			method: 'POST',
			path: `${PATH}/:name::publish`,
			access: { verb: 'write', kind: 'dataset' },
			summary: 'Publish the next version from a folder of one’s own; what is the same there is kept',
			tag,
			params,
			body: publishDatasetSchema,
			answers: { 202: datasetViewSchema },
			async handler(context) {
				const { actor, params: at, body, request, reply } = context;
				await allow(actor, 'write', at);
				const options = { condition: readCondition(request.headers), by: doerOf(actor) };
				const view = await datasets.publish(asked(actor, at), body, options);
				reply.code(202);
				return shown(context, view);
			},
		}),
		defineRoute({
			method: 'POST',
			path: `${PATH}/:name::accept`,
			access: { verb: 'read', kind: 'dataset' },
			summary: 'Accept a dataset’s licence as it is now; once is enough',
			tag,
			params,
			body: acceptLicenceSchema,
			answers: { 200: datasetViewSchema },
			async handler(context) {
				const { actor, params: at, body } = context;
				return shown(context, await datasets.accept(asked(actor, at), body.licenceVersion, doerOf(actor)));
			},
		}),
		defineRoute({
			method: 'GET',
			path: `${PATH}/:name/grants`,
			access: { verb: 'write', kind: 'dataset' },
			summary: 'With whom a dataset is shared',
			tag,
			params,
			answers: { 200: datasetSharesSchema },
			async handler({ actor, params: at }) {
				await allow(actor, 'write', at);
				return datasets.grants(asked(actor, at));
			},
		}),
		defineRoute({
			method: 'PUT',
			path: `${PATH}/:name/grants`,
			access: { verb: 'write', kind: 'dataset' },
			summary: 'Share a dataset with these and nobody else; groups and everybody need an administrator',
			tag,
			params,
			body: datasetGrantsSchema,
			answers: { 200: datasetSharesSchema },
			async handler({ actor, params: at, body, request }) {
				await allow(actor, 'write', at);
				const mayShareWidely = may(actor, 'write', { kind: 'dataset', ownerSeq: null });
				const options = { condition: readCondition(request.headers), by: doerOf(actor), mayShareWidely };
				return datasets.share(asked(actor, at), body, options);
			},
		}),
	];
};
