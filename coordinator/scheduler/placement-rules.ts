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

/** Something that a rule compares, as it is shown to people. */
export type Compared = string | number | boolean | null | readonly string[] | Record<string, string | number>;

interface Facts<Asked extends Compared> {
	/** Fulfilled. */
	readonly holds: (wanted: Wanted, node: NodeSlots) => boolean;
	readonly asked: (wanted: Wanted) => Asked;
	readonly has: (wanted: Wanted, node: NodeSlots) => Compared;
}

/** One reason why a node may not take a task. Picking and explaining ask the same rules, so they cannot disagree. */
export interface PlacementRule<Name extends string = string, Asked extends Compared = Compared> extends Facts<Asked> {
	readonly name: Name;
}

/** What can be asked for, and how much of it nodes have; null: it is no matter of more or less. */
export type AskedNeed = string | number | Record<string, string | number>;
export type MostOfNeed = string | number | Record<string, number> | null;

export interface NeedRule<Name extends string> extends PlacementRule<Name, AskedNeed> {
	/** The most that one of these nodes has, of which there must be some. */
	readonly most: (wanted: Wanted, nodes: readonly NodeSlots[]) => MostOfNeed;
}

const rule = <Name extends string>(name: Name, facts: Facts<Compared>): PlacementRule<Name> => ({ name, ...facts });

const need = <Name extends string>(
	name: Name,
	facts: Facts<AskedNeed>,
	most: NeedRule<Name>['most'] = () => null,
): NeedRule<Name> => ({ name, ...facts, most });

const values = (pairs: readonly { name: string; value?: string; count?: number }[]): Record<string, string | number> =>
	Object.fromEntries(pairs.map(({ name, value, count }) => [name, value ?? count ?? 0]));

export const SERVES_QUEUE = rule('queue', {
	holds: ({ queue }, node) => queue !== null && node.queues.has(queue),
	asked: ({ queue }) => queue,
	has: (_, { queues }) => [...queues],
});

export const ACCEPTS_WORK = rule('accepting', {
	holds: (_, node) => node.connected && node.accepting && node.concurrency > 0,
	asked: () => true,
	has: (_, { connected, accepting }) => connected && accepting,
});

/** What an administrator lets the node take. */
const isTaken = ({ type, devices, labels }: Demand, { taskTypes, reservedFor }: NodePolicy): boolean => {
	if (taskTypes !== null && !taskTypes.includes(type)) return false;
	const asked = [...devices, ...labels];
	return reservedFor.length === 0 || asked.some(({ name }) => reservedFor.includes(name));
};

/** What the node must have, free or not. */
export const NEED_RULES = [
	need('type', {
		holds: ({ demand }, node) => node.taskTypes.has(demand.type),
		asked: ({ demand }) => demand.type,
		has: ({ demand }, node) => (node.taskTypes.has(demand.type) ? demand.type : null),
	}),
	need(
		'cores',
		{
			holds: ({ demand }, node) => node.cores >= demand.cores,
			asked: ({ demand }) => demand.cores,
			has: (_, { cores }) => cores,
		},
		(_, nodes) => Math.max(...nodes.map(({ cores }) => cores)),
	),
	need(
		'memory',
		{
			holds: ({ demand }, node) => node.memoryBytes >= demand.memoryBytes,
			asked: ({ demand }) => demand.memoryBytes,
			has: (_, { memoryBytes }) => memoryBytes,
		},
		(_, nodes) => Math.max(...nodes.map(({ memoryBytes }) => memoryBytes)),
	),
	need(
		'sandbox',
		{
			holds: ({ demand }, node) => sandboxRank(node.sandbox) >= sandboxRank(demand.sandbox),
			asked: ({ demand }) => demand.sandbox,
			has: (_, { sandbox }) => sandbox,
		},
		(_, nodes) =>
			nodes.map(({ sandbox }) => sandbox).reduce((best, one) => (sandboxRank(one) > sandboxRank(best) ? one : best)),
	),
	need(
		'hardware',
		{
			holds: ({ demand }, node) => demand.devices.every(({ name, count }) => (node.hardware.get(name) ?? 0) >= count),
			asked: ({ demand }) => values(demand.devices),
			has: (_, { hardware }) => Object.fromEntries(hardware),
		},
		({ demand }, nodes) =>
			Object.fromEntries(
				demand.devices.map(({ name }) => [name, Math.max(...nodes.map(({ hardware }) => hardware.get(name) ?? 0))]),
			),
	),
	need('labels', {
		holds: ({ demand }, node) => demand.labels.every(({ name, value }) => node.labels.get(name) === value),
		asked: ({ demand }) => values(demand.labels),
		has: (_, { labels }) => Object.fromEntries(labels),
	}),
	need('policy', {
		holds: ({ demand }, { policy }) => policy === null || isTaken(demand, policy),
		asked: ({ demand }) => demand.type,
		has: (_, { policy }) => policy && [...(policy.taskTypes ?? []), ...policy.reservedFor],
	}),
] as const;
export type NeedName = (typeof NEED_RULES)[number]['name'];

/** Change only with what the node offers: worked out once per lane and node. */
const LASTING_RULES: readonly PlacementRule[] = [SERVES_QUEUE, ACCEPTS_WORK, ...NEED_RULES];

/** These two change with every lease: asked at every decision. */
export const SLOT_FREE = rule('slot', {
	holds: ({ short }, node) => node.hasSlot(short),
	asked: () => 1,
	has: ({ short }, node) => Math.max(0, node.slotsFor(short) - node.leases.size),
});
export const DEVICES_FREE = rule('devices', {
	holds: ({ demand }, node) => demand.devices.every(({ name, count }) => node.freeTokens(name) >= count),
	asked: ({ demand }) => values(demand.devices),
	has: ({ demand }, node) =>
		Object.fromEntries(demand.devices.map(({ name }) => [name, Math.max(0, node.freeTokens(name))])),
});

/** The node could run it once it has room. */
export const couldServe = (wanted: Wanted, node: NodeSlots): boolean =>
	LASTING_RULES.every(({ holds }) => holds(wanted, node));
