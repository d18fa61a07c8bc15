import { durationInWords } from '../../shared/duration-words.ts';
import { about, type Finding, named, well } from './check.ts';
import type { HealthFacts } from './facts.ts';

const MINUTE_MS = 60_000;
/** With slots free, something starts within a second; what waits longer waits for something else, or is stuck. */
const STILL_WARNS_MS = 2 * MINUTE_MS;
const STILL_FAILS_MS = 15 * MINUTE_MS;
/** Whoever pauses a queue to look at it or to clear it is back by then. */
const PAUSED_WARNS_MS = 2 * MINUTE_MS;
/** Of the reason for a pause; people may write a page. */
const MOST_OF_REASON = 120;

const aboutQueues = (queues: readonly { name: string }[]) =>
	about(
		'queues',
		queues.map(({ name }) => name),
	);

export const checkQueuesServed = ({ queues }: HealthFacts): Finding => {
	const alone = queues.filter(({ queued, servers }) => queued > 0 && servers === 0);
	const name = 'queues-without-node';
	if (alone.length === 0) return well(name, 'Every queue with tasks has a node that serves it.');
	const [first] = alone;
	const start = `Start an agent that does, with a token of coordinator node-token create: agent start --coordinator URL --token TOKEN --queues ${first?.name}`;
	return {
		...{ name, state: 'fail', do: start, ...aboutQueues(alone) },
		what: `No connected node serves ${named(alone.map((queue) => `${queue.name} (${queue.queued} in line)`))}.`,
	};
};

export const checkTasksRouted = ({ astray: { tasks, routingKeys } }: HealthFacts): Finding => {
	const name = 'tasks-without-queue';
	if (tasks === 0) return well(name, 'Every task in line is in a queue.');
	const [first = ''] = routingKeys;
	const many = tasks === 1 ? '1 task waits' : `${tasks} tasks wait`;
	return {
		// Anybody may mistype a key: that alone does not make the whole a failure.
		...{ name, state: 'warn', what: `${many} for a queue: none is bound to ${named(routingKeys)}.` },
		...about('routingKeys', routingKeys),
		do: `Make a queue for them, or give another one this binding key too: millrace admin queue create NAME '${first.split('.', 1)[0]}.#'`,
	};
};

export const checkQueuesMove = ({ queues }: HealthFacts): Finding => {
	const name = 'queues-not-moving';
	const still = queues.filter(
		({ queued, pause, freeSlots, stillMs }) =>
			queued > 0 && pause === null && freeSlots > 0 && stillMs > STILL_WARNS_MS,
	);
	if (still.length === 0) return well(name, 'Nothing stands still while slots are free for it.');
	const words = still.map((queue) => `${queue.name} (for ${durationInWords(queue.stillMs)}, ${queue.queued} in line)`);
	return {
		...{ name, state: still.some(({ stillMs }) => stillMs > STILL_FAILS_MS) ? 'fail' : 'warn' },
		...aboutQueues(still),
		what: `Nothing starts though slots are free: ${named(words)}.`,
		do: 'Ask a task why it waits: millrace task ID --why. Often a cap, a rate, hardware or a memory need that no free node has.',
	};
};

/** Tasks wait behind a pause: it was wanted, so it never fails, but it is easily forgotten. */
export const checkQueuesPaused = ({ queues }: HealthFacts): Finding => {
	const name = 'queues-paused';
	const waiting = queues.flatMap(({ name: queue, queued, pause, stillMs }) => {
		const ms = pause === null || queued === 0 ? 0 : Math.min(pause.sinceMs, stillMs);
		return pause !== null && ms > PAUSED_WARNS_MS ? [{ name: queue, queued, ms, ...pause }] : [];
	});
	const [first] = waiting;
	if (first === undefined) return well(name, 'No tasks wait in a paused queue.');
	const words = waiting.map((queue) => `${queue.name} (for ${durationInWords(queue.ms)}, ${queue.queued} in line)`);
	const reason = first.reason === null ? '' : `: “${shortened(first.reason)}”`;
	return {
		...aboutQueues(waiting),
		...{ name, state: 'warn', what: `Tasks wait in paused queues: ${named(words)}.` },
		do: `${first.by ?? 'Somebody'} paused ${first.name}${reason}. When that is over: millrace admin queue resume ${first.name}`,
	};
};

const shortened = (text: string): string =>
	text.length > MOST_OF_REASON ? `${text.slice(0, MOST_OF_REASON - 1)}…` : text;
