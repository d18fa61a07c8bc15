import { z } from 'zod';
import { idSchema } from '../../../shared/protocol/ids.ts';
import { queueNameSchema } from '../../../shared/protocol/node.ts';
import { serviceClassNameSchema } from '../../../shared/protocol/service-class-name.ts';
import { causeIdSchema, instantSchema, taskListStateSchema } from '../../../shared/protocol/task.ts';
import { taskTypeNameSchema } from '../../../shared/protocol/task-type.ts';

const word = z.string().min(1).max(100);

/** By the names that the address and the API have for them. */
const FIELDS = {
	state: taskListStateSchema,
	type: taskTypeNameSchema,
	queue: queueNameSchema,
	owner: idSchema('user'),
	serviceClass: serviceClassNameSchema,
	node: word,
	errorCode: word,
	cause: causeIdSchema,
	file: idSchema('file'),
	job: idSchema('job'),
	budget: idSchema('budget'),
	after: instantSchema,
	before: instantSchema,
} as const;

/** What a list of tasks may be narrowed by; each screen says which of them it has. */
export type FilterField = keyof typeof FIELDS;
export type TaskFilter = { [Field in FilterField]?: z.infer<(typeof FIELDS)[Field]> };

/** The filter in an address, of these fields; what is not valid there is as if it were not there. */
export const filterOfUrl = (fields: readonly FilterField[], params: URLSearchParams): TaskFilter =>
	Object.fromEntries(
		fields.flatMap((field) => {
			const { data } = FIELDS[field].safeParse(params.get(field) ?? '');
			return data === undefined ? [] : [[field, data]];
		}),
	);

const TOLD: readonly string[] = ['state', 'type', 'file'] satisfies FilterField[];

/** What a live update of a task tells is enough to know whether the task fits. */
export const isToldByPatches = (filter: TaskFilter): boolean =>
	Object.keys(filter).every((field) => TOLD.includes(field));
