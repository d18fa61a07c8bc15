import { durationInWords } from '../../shared/duration-words.ts';
import { type Finding, named, well } from './check.ts';
import type { HealthFacts } from './facts.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
/** A restart of a machine is nothing to tell of; a node that is away for longer than the most is not expected back. */
const LOST_AFTER_MS = 5 * MINUTE_MS;
const FORGOTTEN_AFTER_MS = 7 * DAY_MS;
/** Leases go by the coordinator's clock alone; logs and files of machines that differ by more cannot be compared. */
const SKEW_WARNS_MS = 10_000;
const SKEW_FAILS_MS = 10 * MINUTE_MS;
/** With slots free, something starts within a second; what waits longer waits for something else, or is stuck. */
const STILL_WARNS_MS = 2 * MINUTE_MS;
const STILL_FAILS_MS = 15 * MINUTE_MS;
const MANY_FAILURES = 3;

export const checkNodesLost = ({ nodes, now }: HealthFacts): Finding => {
	if (nodes.every(({ state }) => state === 'revoked')) {
		return {
			...{ name: 'nodes-lost', state: 'warn', what: 'No machine has joined: tasks wait until one does.' },
			do: 'Make a token on the coordinator’s machine: coordinator node-token create; then on the machine that is to work: agent start --coordinator URL --token TOKEN',
		};
	}
	const lost = nodes.filter(({ state, lastSeenAt }) => {
		const away = lastSeenAt === null ? 0 : now - lastSeenAt;
		return state === 'offline' && away > LOST_AFTER_MS && away < FORGOTTEN_AFTER_MS;
	});
	const there = nodes.filter(({ state }) => state !== 'offline' && state !== 'revoked').length;
	const what = `${there} ${there === 1 ? 'node is' : 'nodes are'} connected.`;
	if (lost.length === 0) return well('nodes-lost', what);
	const words = lost.map(({ name, lastSeenAt }) => `${name} (for ${durationInWords(now - (lastSeenAt ?? now))})`);
	return {
		name: 'nodes-lost',
		state: there === 0 ? 'fail' : 'warn',
		what: `${what} Not heard of: ${named(words)}.`,
		do: 'Look whether the machine runs and reaches the coordinator, and start its agent. One that is not to come back: millrace nodes revoke NAME',
	};
};

export const checkClocks = ({ nodes }: HealthFacts): Finding => {
	const wrong = nodes.filter(({ clockSkewMs }) => clockSkewMs !== null && Math.abs(clockSkewMs) > SKEW_WARNS_MS);
	if (wrong.length === 0) return well('clocks', 'The clocks of all nodes agree with the coordinator’s.');
	const words = wrong.map(({ name, clockSkewMs }) => {
		const skew = clockSkewMs ?? 0;
		return `${name} is ${durationInWords(Math.abs(skew))} ${skew > 0 ? 'ahead' : 'behind'}`;
	});
	const isFar = wrong.some(({ clockSkewMs }) => Math.abs(clockSkewMs ?? 0) > SKEW_FAILS_MS);
	return {
		name: 'clocks',
		state: isFar ? 'fail' : 'warn',
		what: `Clocks differ from the coordinator’s: ${named(words)}.`,
		do: 'Have the machines, the coordinator’s too, set their clocks by NTP: timedatectl set-ntp true',
	};
};

export const checkQueuesServed = ({ queues }: HealthFacts): Finding => {
	const alone = queues.filter(({ queued, servers }) => queued > 0 && servers === 0);
	const name = 'queues-without-node';
	if (alone.length === 0) return well(name, 'Every queue with tasks has a node that serves it.');
	const [first] = alone;
	const served = queues.find(({ servers }) => servers > 0);
	const start = `Start an agent that does, with a token of coordinator node-token create: agent start --coordinator URL --token TOKEN --queues ${first?.name}`;
	const bind = served
		? `; or have its tasks go to one that is served, which needs all its keys told: millrace admin queue bind ${served.name} '${served.name}.#' '${first?.name}.#'`
		: '';
	return {
		...{ name, state: 'fail', do: `${start}${bind}` },
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
		do: `Make a queue for them, or give another one this binding key too: millrace admin queue create NAME '${first.split('.', 1)[0]}.#'`,
	};
};

export const checkQueuesMove = ({ queues }: HealthFacts): Finding => {
	const name = 'queues-not-moving';
	const still = queues.filter(
		({ queued, paused, freeSlots, stillMs }) => queued > 0 && !paused && freeSlots > 0 && stillMs > STILL_WARNS_MS,
	);
	if (still.length === 0) return well(name, 'Nothing stands still while slots are free for it.');
	const words = still.map((queue) => `${queue.name} (for ${durationInWords(queue.stillMs)}, ${queue.queued} in line)`);
	return {
		...{ name, state: still.some(({ stillMs }) => stillMs > STILL_FAILS_MS) ? 'fail' : 'warn' },
		what: `Nothing starts though slots are free: ${named(words)}.`,
		do: 'Ask a task why it waits: millrace task ID --why. Often a cap, a rate, hardware or a memory need that no free node has.',
	};
};

export const checkSchedules = ({ schedules }: HealthFacts): Finding => {
	const bad = schedules.filter(({ failures, stopped }) => stopped || failures >= MANY_FAILURES);
	if (bad.length === 0) return well('schedules', 'No schedule fails again and again.');
	const words = bad.map(({ name, owner, failures, stopped }) => {
		const how = stopped ? 'has paused itself' : `failed ${failures} times in a row`;
		return `${name} of ${owner} ${how}`;
	});
	return {
		...{ name: 'schedules', state: 'warn', what: `${named(words)}.` },
		do: 'Look at its last runs for the reason: millrace schedules runs NAME; its owner resumes it when that is mended.',
	};
};
