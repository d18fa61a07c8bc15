import { z } from 'zod';
import { pageOf } from '../../../../shared/protocol/json.ts';
import { manifestSchema } from '../../../../shared/protocol/task-type.ts';
import type { TaskTypes } from '../../../queue/task-types.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

export const taskTypeRoutes = ({ types }: { types: TaskTypes }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/task-types',
		access: { verb: 'read', kind: 'task-type' },
		summary: 'List what can be run here',
		tag: 'task types',
		answers: { 200: pageOf(z.object(manifestSchema.shape)) },
		handler: async () => ({ items: types.list(), nextCursor: null }),
	}),
];
