import { type Demand, sandboxRank } from './needs.ts';
import type { NodePolicy, NodeSlots } from './node-slots.ts';

/** What is to be placed. */
export interface Wanted {
	/** The queue's name; null never fits anywhere. */
	readonly queue: string | null;
	readonly demand: Demand;
	/** Its type's tasks are short as a rule. */
	readonly short: boolean;
}

/** One reason why a node may not take a task. Picking and explaining ask the same rules, so they cannot disagree. */
export interface PlacementRule<Name extends string = string> {
	readonly name: Name;
	readonly holds: (wanted: Wanted, node: NodeSlots) => boolean;
}

const rule = <Name extends string>(name: Name, holds: PlacementRule<Name>['holds']): PlacementRule<Name> => ({
	name,
	holds,
});

export const SERVES_QUEUE = rule('queue', ({ queue }, node) => queue !== null && node.queues.has(queue));

export const ACCEPTS_WORK = rule('accepting', (_, node) => node.connected && node.accepting && node.concurrency > 0);

/** What an administrator lets the node take. */
const isTaken = ({ type, devices, labels }: Demand, { taskTypes, reservedFor }: NodePolicy): boolean => {
	if (taskTypes !== null && !taskTypes.includes(type)) return false;
	const asked = [...devices, ...labels];
	return reservedFor.length === 0 || asked.some(({ name }) => reservedFor.includes(name));
};

/** What the node must have, free or not. */
export const NEED_RULES = [
	rule('type', ({ demand }, node) => node.taskTypes.has(demand.type)),
	rule('cores', ({ demand }, node) => node.cores >= demand.cores),
	rule('memory', ({ demand }, node) => node.memoryBytes >= demand.memoryBytes),
	rule('sandbox', ({ demand }, node) => sandboxRank(node.sandbox) >= sandboxRank(demand.sandbox)),
	rule('hardware', ({ demand }, node) =>
		demand.devices.every(({ name, count }) => (node.hardware.get(name) ?? 0) >= count),
	),
	rule('labels', ({ demand }, node) => demand.labels.every(({ name, value }) => node.labels.get(name) === value)),
	rule('policy', ({ demand }, { policy }) => policy === null || isTaken(demand, policy)),
] as const;
export type NeedName = (typeof NEED_RULES)[number]['name'];

/** Change only with what the node offers: worked out once per lane and node. */
const LASTING_RULES: readonly PlacementRule[] = [SERVES_QUEUE, ACCEPTS_WORK, ...NEED_RULES];

/** These two change with every lease: asked at every decision. */
export const SLOT_FREE = rule('slot', ({ short }, node) => node.hasSlot(short));
export const DEVICES_FREE = rule('devices', ({ demand }, node) =>
	demand.devices.every(({ name, count }) => node.freeTokens(name) >= count),
);

/** The node could run it once it has room. */
export const couldServe = (wanted: Wanted, node: NodeSlots): boolean =>
	LASTING_RULES.every(({ holds }) => holds(wanted, node));
