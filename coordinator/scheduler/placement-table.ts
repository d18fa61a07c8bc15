import type { NodeSlots } from './node-slots.ts';
import {
	ACCEPTS_WORK,
	DEVICES_FREE,
	NEED_RULES,
	type PlacementRule,
	SERVES_QUEUE,
	SLOT_FREE,
	type Wanted,
} from './placement-rules.ts';

type Value = string | number | boolean | null | readonly string[] | Record<string, string | number>;

/** One rule asked of one node: what the task asks for, and what the node has. */
export interface Constraint {
	name: (typeof TABLE)[number]['name'] | 'avoid';
	holds: boolean;
	asked: Value;
	has: Value;
}

export interface NodePlacement {
	node: string;
	name: string;
	/** It could run the task once it has room. */
	able: boolean;
	/** It could start it now. */
	room: boolean;
	constraints: Constraint[];
}

const values = (pairs: readonly { name: string; value?: string; count?: number }[]): Record<string, string | number> =>
	Object.fromEntries(pairs.map(({ name, value, count }) => [name, value ?? count ?? 0]));

const TABLE = [SERVES_QUEUE, ACCEPTS_WORK, ...NEED_RULES, DEVICES_FREE, SLOT_FREE] as const;

/** What each rule compares. */
const COMPARED: Record<
	(typeof TABLE)[number]['name'],
	(wanted: Wanted, node: NodeSlots) => [asked: Value, has: Value]
> = {
	queue: ({ queue }, node) => [queue, [...node.queues]],
	accepting: (_, node) => [true, node.connected && node.accepting],
	type: ({ demand }, node) => [demand.type, node.taskTypes.has(demand.type) ? demand.type : null],
	cores: ({ demand }, node) => [demand.cores, node.cores],
	memory: ({ demand }, node) => [demand.memoryBytes, node.memoryBytes],
	sandbox: ({ demand }, node) => [demand.sandbox, node.sandbox],
	hardware: ({ demand }, node) => [values(demand.devices), Object.fromEntries(node.hardware)],
	labels: ({ demand }, node) => [values(demand.labels), Object.fromEntries(node.labels)],
	policy: ({ demand }, { policy }) => [demand.type, policy && [...(policy.taskTypes ?? []), ...policy.reservedFor]],
	devices: ({ demand }, node) => [
		values(demand.devices),
		Object.fromEntries(demand.devices.map(({ name }) => [name, Math.max(0, node.freeTokens(name))])),
	],
	slot: ({ short }, node) => [1, Math.max(0, node.slotsFor(short) - node.leases.size)],
};

/** Every rule asked of every node, nearest to a start first. */
export const placementTable = (
	wanted: Wanted,
	avoidNode: string | null,
	connected: Iterable<NodeSlots>,
): NodePlacement[] => {
	const rows = [...connected].map((node) => rowOf(wanted, node));
	const others = rows.some(({ able, node }) => able && node !== avoidNode);
	for (const row of rows) {
		if (row.node !== avoidNode || !others) continue;
		row.constraints.push({ name: 'avoid', holds: false, asked: 'a node where it was not lost', has: row.name });
		row.able = false;
		row.room = false;
	}
	const broken = ({ constraints }: NodePlacement): number => constraints.filter(({ holds }) => !holds).length;
	return rows.sort((a, b) => broken(a) - broken(b) || (a.name < b.name ? -1 : 1));
};

const rowOf = (wanted: Wanted, node: NodeSlots): NodePlacement => {
	const constraints = TABLE.map(({ name, holds }: PlacementRule<(typeof TABLE)[number]['name']>): Constraint => {
		const [asked, has] = COMPARED[name](wanted, node);
		return { name, holds: holds(wanted, node), asked, has };
	});
	const room = constraints.every(({ holds }) => holds);
	const able = constraints.every(({ name, holds }) => holds || name === 'slot' || name === 'devices');
	return { node: node.id, name: node.name, able, room, constraints };
};
