import { type Rate, type ServiceClassSettings, STANDARD_CLASS } from '../../shared/protocol/service-class.ts';
import type { Manifest } from '../../shared/protocol/task-type.ts';
import { overlap } from './key-overlap.ts';

/** What a class is compared with. */
export interface Surroundings {
	queues: readonly { name: string; bindingKeys: readonly string[] }[];
	types: readonly Pick<Manifest, 'name' | 'needs'>[];
}

/** A band above this one is said to be high. */
const USUAL_BAND = 5;
/** Patterns are compared in pairs: with more of them than this nothing is said about them. */
const MOST_PAIRS = 50_000;
const MOST_NAMED = 5;

/** What is allowed and yet looks like a mistake: a sentence each, with what follows from it. */
export const classWarnings = (
	name: string,
	settings: ServiceClassSettings,
	around: Surroundings,
	now: number,
): string[] => [
	...queueWarnings(settings, around),
	...orderWarnings(name, settings),
	...capWarnings(settings, around),
	...(settings.validUntil !== null && Date.parse(settings.validUntil) <= now
		? [`validUntil is over: nobody is in the class any more.`]
		: []),
];

const queueWarnings = ({ allowedQueues, allowedRoutingKeys }: ServiceClassSettings, { queues }: Surroundings) => {
	const said: string[] = [];
	for (const allowed of allowedQueues ?? []) {
		if (!queues.some((queue) => queue.name === allowed)) {
			said.push(`allowedQueues: there is no queue ${allowed}; until there is one, the name allows nothing.`);
		}
	}
	const reachable = queues.filter((queue) => allowedQueues?.includes(queue.name) ?? true);
	const bindings = reachable.flatMap((queue) => queue.bindingKeys);
	if (bindings.length * (allowedRoutingKeys?.length ?? 0) > MOST_PAIRS) return said;
	const which = allowedQueues === null ? 'no queue' : 'none of the allowed queues';
	for (const key of allowedRoutingKeys ?? []) {
		if (!bindings.some((binding) => overlap(key, binding))) {
			said.push(`allowedRoutingKeys: ${key} reaches ${which}; tasks with such keys are refused or wait.`);
		}
	}
	return said;
};

const orderWarnings = (name: string, { idleOnly, band, rates }: ServiceClassSettings): string[] => {
	const said: string[] = [];
	if (idleOnly && band > USUAL_BAND) {
		said.push(
			`idleOnly: band ${band} puts it before nobody: all idle-only classes stand in one band below the others and share it by weight.`,
		);
	}
	if (idleOnly && name === STANDARD_CLASS) {
		said.push('idleOnly: whoever was given no other class may wait for ever.');
	}
	const slow = (path: string, rate: Rate | null) => {
		if (rate !== null && rate.perMinute < 1) {
			said.push(`${path}: one in ${Math.round(60 / rate.perMinute)} s on average; is the rate meant per second?`);
		}
	};
	slow('rates.starts', rates.starts);
	slow('rates.submits', rates.submits);
	return said;
};

const capWarnings = ({ caps, longestRunMs, weight, idleOnly }: ServiceClassSettings, { types }: Surroundings) => {
	const said: string[] = [];
	for (const type of Object.keys(caps.perType)) {
		if (!types.some((known) => known.name === type)) said.push(`caps.perType: there is no task type ${type} here.`);
	}
	const tooLarge = (cap: number | null, need: 'cores' | 'memoryBytes') => {
		const never = cap === null ? [] : types.filter(({ needs }) => needs[need] > cap).map((type) => type.name);
		if (never.length === 0) return;
		const more = never.length > MOST_NAMED ? ` and ${never.length - MOST_NAMED} more` : '';
		said.push(`caps.${need}: tasks of ${never.slice(0, MOST_NAMED).join(', ')}${more} need more and never start.`);
	};
	tooLarge(caps.cores, 'cores');
	tooLarge(caps.memoryBytes, 'memoryBytes');
	if (longestRunMs !== null && longestRunMs < 1_000) {
		said.push('longestRunMs: less than a second, so nearly everything is stopped.');
	}
	if (idleOnly && weight !== 1) said.push('weight: counts among idle-only classes alone.');
	return said;
};
