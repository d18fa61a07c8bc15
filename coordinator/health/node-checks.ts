import { durationInWords } from '../../shared/duration-words.ts';
import { about, type Finding, named, well } from './check.ts';
import type { HealthFacts } from './facts.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
/** A restart of a machine is nothing to tell of; a node that is away for longer than the most is not expected back. */
const LOST_AFTER_MS = 5 * MINUTE_MS;
const FORGOTTEN_AFTER_MS = 7 * DAY_MS;
/** Leases go by the coordinator’s clock alone; logs and files of machines that differ by more cannot be compared. */
const SKEW_WARNS_MS = 10_000;
const SKEW_FAILS_MS = 10 * MINUTE_MS;

export const checkNodesLost = ({ nodes, now }: HealthFacts): Finding => {
	if (nodes.every(({ state }) => state === 'revoked')) {
		return {
			...{ name: 'nodes-lost', state: 'warn', what: 'No machine has joined: tasks wait until one does.' },
			do: 'Make a token on the coordinator’s machine: coordinator node-token create; then on the machine that is to work: agent start --coordinator URL --token TOKEN',
		};
	}
	const there = nodes.filter(({ state }) => state !== 'offline' && state !== 'revoked').length;
	const lost = nodes.filter(({ state, lastSeenAt, isDrained }) => {
		const away = lastSeenAt === null ? 0 : now - lastSeenAt;
		// One that was drained left as it was told to; but when nobody is left, that is told.
		const isMissed = !isDrained || there === 0;
		return state === 'offline' && isMissed && away > LOST_AFTER_MS && away < FORGOTTEN_AFTER_MS;
	});
	const what = `${there} ${there === 1 ? 'node is' : 'nodes are'} connected.`;
	if (lost.length === 0) return well('nodes-lost', what);
	const words = lost.map(({ name, lastSeenAt }) => `${name} (for ${durationInWords(now - (lastSeenAt ?? now))})`);
	return {
		name: 'nodes-lost',
		state: there === 0 ? 'fail' : 'warn',
		...about(
			'nodes',
			lost.map(({ name }) => name),
		),
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
		...about(
			'nodes',
			wrong.map(({ name }) => name),
		),
		name: 'clocks',
		state: isFar ? 'fail' : 'warn',
		what: `Clocks differ from the coordinator’s: ${named(words)}.`,
		do: 'Have the machines, the coordinator’s too, set their clocks by NTP: timedatectl set-ntp true',
	};
};
