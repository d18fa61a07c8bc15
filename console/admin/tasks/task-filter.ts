import type { TaskFilter as SteerFilter } from '../../../shared/protocol/act.ts';
import { formatExact } from '../../kit/format.ts';
import { STATE_CHOICES } from '../../kit/tasks/state-choices.ts';
import type { FilterField, TaskFilter } from '../../kit/tasks/task-filter.ts';
import { filterNames } from './words.ts';

/** Every field that a list of tasks has. */
export const FILTER_FIELDS = Object.keys(filterNames) as FilterField[];

const valueWords = (field: FilterField, value: string): string => {
	if (field === 'state') return STATE_CHOICES.find((choice) => choice.value === value)?.label.toLowerCase() ?? value;
	return field === 'after' || field === 'before' ? formatExact(new Date(value)) : value;
};

/** `state queued, type thumbnail`. */
export const filterWords = (filter: TaskFilter): string =>
	FILTER_FIELDS.flatMap((field) => {
		const value = filter[field];
		return value === undefined ? [] : [`${filterNames[field]} ${valueWords(field, value)}`];
	}).join(', ');

/** The same for acts on all that fit; null: everything, or what acts are not told by a filter. */
export const steerFilterOf = ({ cause, ...filter }: TaskFilter): SteerFilter | null =>
	cause !== undefined || Object.keys(filter).length === 0 ? null : filter;
