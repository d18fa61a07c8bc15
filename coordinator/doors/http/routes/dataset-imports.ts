import { z } from 'zod';
import {
	datasetRefSchema,
	datasetViewSchema,
	importDatasetSchema,
	importVersionSchema,
} from '../../../../shared/protocol/dataset.ts';
import { doerOf } from '../../../accounts/actor.ts';
import type { Datasets } from '../../../datasets/datasets.ts';
import { readCondition } from '../../content/content-headers.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const PATH = '/api/v1/admin/datasets';
const tag = 'datasets';

/** Datasets from directories of the coordinator's machine: settings decide which of them, administrators ask. */
export const datasetImportRoutes = ({ datasets }: { datasets: Datasets }): AnyRoute[] => [
	defineRoute({
		method: 'POST',
		path: PATH,
		access: { verb: 'write', kind: 'settings' },
		summary:
			'Make a dataset of a directory of the coordinator’s machine, below one of its --dataset-roots: taken in, or linked',
		tag,
		body: importDatasetSchema,
		answers: { 201: datasetViewSchema },
		async handler({ actor, body, reply }) {
			const { name, from, mode, ...about } = body;
			const source = mode === 'link' ? { link: from.directory } : from;
			const view = await datasets.create(actor.userSeq, { name, about, from: source }, doerOf(actor));
			reply.code(201);
			return view;
		},
	}),
	defineRoute({
		method: 'POST',
		path: `${PATH}/:name::publish`,
		access: { verb: 'write', kind: 'settings' },
		summary: 'Publish a dataset’s next version from such a directory',
		tag,
		params: z.strictObject({ name: datasetRefSchema }),
		body: importVersionSchema,
		answers: { 202: datasetViewSchema },
		async handler({ actor, params, body, request, reply }) {
			const options = { condition: readCondition(request.headers), by: doerOf(actor) };
			const view = await datasets.publish({ readerSeq: actor.userSeq, ref: params.name }, body, options);
			reply.code(202);
			return view;
		},
	}),
];
