import { z } from 'zod';
import type { TaskFilter as SteerFilter } from '../../../shared/protocol/act.ts';
import { idSchema } from '../../../shared/protocol/ids.ts';
import { queueNameSchema } from '../../../shared/protocol/node.ts';
import { serviceClassNameSchema } from '../../../shared/protocol/service-class-name.ts';
import { causeIdSchema, instantSchema, taskListStateSchema } from '../../../shared/protocol/task.ts';
import { taskTypeNameSchema } from '../../../shared/protocol/task-type.ts';
import { formatExact } from '../../kit/format.ts';
import { STATE_CHOICES } from '../../kit/tasks/state-choices.ts';

const word = z.string().min(1).max(100);

/** By the names that the address and the API have for them; what is not valid is as if it were not there. */
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
	after: instantSchema,
	before: instantSchema,
} as const;
export type FilterField = keyof typeof FIELDS;
export const FILTER_FIELDS = Object.keys(FIELDS) as FilterField[];

/** What of the list is in the address. */
export type TaskFilter = { [Field in FilterField]?: z.infer<(typeof FIELDS)[Field]> };

export const filterOfUrl = (params: URLSearchParams): TaskFilter =>
	Object.fromEntries(
		FILTER_FIELDS.flatMap((field) => {
			const { data } = FIELDS[field].safeParse(params.get(field) ?? '');
			return data === undefined ? [] : [[field, data]];
		}),
	);

const NAMES: Record<FilterField, string> = {
	state: 'state',
	type: 'type',
	queue: 'queue',
	owner: 'owner',
	serviceClass: 'class',
	node: 'node',
	errorCode: 'error',
	cause: 'cause',
	file: 'file',
	job: 'job',
	after: 'submitted from',
	before: 'submitted before',
};

const valueWords = (field: FilterField, value: string): string => {
	if (field === 'state') return STATE_CHOICES.find((choice) => choice.value === value)?.label.toLowerCase() ?? value;
	return field === 'after' || field === 'before' ? formatExact(new Date(value)) : value;
};

/** `state queued, type thumbnail`. */
export const filterWords = (filter: TaskFilter): string =>
	FILTER_FIELDS.flatMap((field) => {
		const value = filter[field];
		return value === undefined ? [] : [`${NAMES[field]} ${valueWords(field, value)}`];
	}).join(', ');

/** The same for acts on all that fit; null: everything, or what acts are not told by a filter. */
export const steerFilterOf = ({ cause, ...filter }: TaskFilter): SteerFilter | null =>
	cause !== undefined || Object.keys(filter).length === 0 ? null : filter;

/** What a live update of a task tells is enough to know whether the task fits. */
export const isToldByPatches = (filter: TaskFilter): boolean =>
	FILTER_FIELDS.every(
		(field) => field === 'state' || field === 'type' || field === 'file' || filter[field] === undefined,
	);
