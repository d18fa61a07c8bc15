import type { TaskVerb } from '../../../shared/protocol/act.ts';
import { quoteForShell } from '../../kit/quote-for-shell.ts';
import type { FilterField, TaskFilter } from '../../kit/tasks/task-filter.ts';
import { FILTER_FIELDS } from './task-filter.ts';

/** On what an act is. */
export type ActTarget = { ids: readonly string[] } | { filter: TaskFilter };

const OPTIONS: Record<Exclude<FilterField, 'cause'>, string> = {
	state: '--state',
	type: '--type',
	queue: '--queue',
	owner: '--owner',
	serviceClass: '--class',
	node: '--node',
	errorCode: '--error',
	file: '--file',
	job: '--job',
	budget: '--budget',
	after: '--after',
	before: '--before',
};

/** The same on the command line. */
export const actCommand = (
	verb: TaskVerb,
	target: ActTarget,
	more: { routingKey?: string; reason?: string } = {},
): string => {
	const which =
		'ids' in target
			? target.ids
			: FILTER_FIELDS.flatMap((field) => {
					const value = target.filter[field];
					return field === 'cause' || value === undefined ? [] : [OPTIONS[field], quoteForShell(value)];
				});
	return [
		...['millrace', 'admin', 'tasks', verb, ...which],
		...(more.routingKey ? ['--to', quoteForShell(more.routingKey)] : []),
		...(more.reason ? ['--reason', quoteForShell(more.reason)] : []),
	].join(' ');
};
