import type { TaskSummary } from '../../../shared/protocol/task.ts';
import { formatDuration } from '../../kit/format.ts';

type Waited = Pick<TaskSummary, 'queuedAt' | 'startedAt' | 'serviceClass'>;

/** How long tasks of a class have waited lately, from what one’s own have: a range, or that nothing is known. */
export const waitWords = (tasks: readonly Waited[], serviceClass: { name: string; own: boolean }): string => {
	const waits = tasks
		.filter((task) => task.serviceClass === serviceClass.name || (serviceClass.own && task.serviceClass === null))
		.flatMap(({ queuedAt, startedAt }) =>
			queuedAt === null || startedAt === null ? [] : [Math.max(0, Date.parse(startedAt) - Date.parse(queuedAt))],
		)
		.sort((a, b) => a - b);
	const [shortest] = waits;
	if (shortest === undefined) return 'How long it waits is not known yet: you have run none of these lately.';
	// One that waited for a node through the night says nothing of the others.
	const longest = waits[Math.ceil(waits.length * 0.9) - 1] ?? shortest;
	const range =
		formatDuration(shortest) === formatDuration(longest)
			? formatDuration(longest)
			: `${formatDuration(shortest)} to ${formatDuration(longest)}`;
	return waits.length === 1
		? `Your last one waited ${range}.`
		: `Nine in ten of your last ${waits.length} waited ${range}.`;
};
