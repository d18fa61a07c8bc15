import { CodedError } from '../../shared/coded-error.ts';
import type { Policy } from '../qos/policy.ts';
import type { Excess, NewTask, QueuedCap } from './submit-store.ts';

/** Null when the class lets its people have as many tasks in line as they like. */
export const queuedCapOf = ({ serviceClass, settings }: Policy): QueuedCap | null =>
	settings.caps.queued === null ? null : { serviceClass, most: settings.caps.queued };

/** The refusal of tasks that would have been too many, in words. */
export const tooManyQueued = (
	{ pending, fresh }: Excess,
	cap: QueuedCap | null,
	tasks: readonly Pick<NewTask, 'routingKey'>[],
	scheduler: { route(routingKey: string): string | null },
): CodedError => {
	const queues = new Set(
		tasks.map(({ routingKey }) => scheduler.route(routingKey) ?? `the key ${routingKey}, which no queue takes`),
	);
	const [first = ''] = queues;
	const where = queues.size === 1 ? first : `${first} and ${queues.size - 1} more`;
	return new CodedError(
		'too-many-queued',
		`Your service class ${cap?.serviceClass} lets ${cap?.most} of your tasks wait at a time (caps.queued); ${pending} wait already, and ${fresh} more for ${where} would be too many. Try again when some have started, or cancel some.`,
	);
};
