import type { TaskSummary } from '../../../shared/protocol/task.ts';
import { formatDuration } from '../../kit/format.ts';

/** From the shortest to nine in ten of them: one that waited for a node through the night says nothing of the others. */
const rangeWords = (sorted: readonly number[]): string => {
	const [shortest = 0] = sorted;
	const longest = sorted[Math.ceil(sorted.length * 0.9) - 1] ?? shortest;
	const [from, to] = [formatDuration(shortest), formatDuration(longest)];
	return from === to ? to : `${from} to ${to}`;
};

type Ran = Pick<TaskSummary, 'startedAt' | 'finishedAt' | 'state'>;

/** How long each has run lately, from what one’s own have; null: not known. */
export const tookWords = (tasks: readonly Ran[]): string | null => {
	const times = tasks
		.flatMap(({ startedAt, finishedAt, state }) =>
			state !== 'succeeded' || startedAt === null || finishedAt === null
				? []
				: [Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt))],
		)
		.sort((a, b) => a - b);
	if (times.length === 0) return null;
	const range = rangeWords(times);
	return times.length === 1
		? `Your last one took ${range}.`
		: `Nine in ten of your last ${times.length} took ${range} each.`;
};

type Waited = Pick<TaskSummary, 'queuedAt' | 'startedAt' | 'serviceClass'>;

/** How long tasks of a class have waited lately, from what one’s own have: a range, or that nothing is known; null for other classes then. */
export const waitWords = (tasks: readonly Waited[], serviceClass: { name: string; own: boolean }): string | null => {
	const waits = tasks
		.filter((task) => task.serviceClass === serviceClass.name || (serviceClass.own && task.serviceClass === null))
		.flatMap(({ queuedAt, startedAt }) =>
			queuedAt === null || startedAt === null ? [] : [Math.max(0, Date.parse(startedAt) - Date.parse(queuedAt))],
		)
		.sort((a, b) => a - b);
	if (waits.length === 0) {
		return serviceClass.own ? 'How long it waits is not known yet: you have run none of these lately.' : null;
	}
	const range = rangeWords(waits);
	return waits.length === 1
		? `Your last one waited ${range}.`
		: `Nine in ten of your last ${waits.length} waited ${range}.`;
};
