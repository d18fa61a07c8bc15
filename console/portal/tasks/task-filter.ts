import { z } from 'zod';
import { idSchema } from '../../../shared/protocol/ids.ts';
import { queueNameSchema } from '../../../shared/protocol/node.ts';
import { taskListStateSchema } from '../../../shared/protocol/task.ts';
import { taskTypeNameSchema } from '../../../shared/protocol/task-type.ts';
import type { TaskFilter } from '../remote/keys.ts';

const filterSchema = z.object({
	state: taskListStateSchema.optional().catch(undefined),
	type: taskTypeNameSchema.optional().catch(undefined),
	queue: queueNameSchema.optional().catch(undefined),
	file: idSchema('file').optional().catch(undefined),
	job: idSchema('job').optional().catch(undefined),
});

/** The filter in an address; what is not valid there is as if it were not there. */
export const filterOfUrl = (params: URLSearchParams): TaskFilter => {
	const parsed = filterSchema.parse(Object.fromEntries(params));
	return Object.fromEntries(Object.entries(parsed).filter(([, value]) => value !== undefined));
};
