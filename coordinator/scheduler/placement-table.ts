import type { NodeSlots } from './node-slots.ts';
import {
	ACCEPTS_WORK,
	type Compared,
	DEVICES_FREE,
	NEED_RULES,
	SERVES_QUEUE,
	SLOT_FREE,
	type Wanted,
} from './placement-rules.ts';

/** One rule asked of one node: what the task asks for, and what the node has. */
export interface Constraint {
	name: (typeof TABLE)[number]['name'] | 'avoid';
	holds: boolean;
	asked: Compared;
	has: Compared;
}

export interface NodePlacement {
	node: string;
	name: string;
	/** It could run the task once it has room. */
	able: boolean;
	/** It has a slot free for it, whatever else it lacks. */
	room: boolean;
	/** It could start it now. */
	ready: boolean;
	constraints: Constraint[];
}

const TABLE = [SERVES_QUEUE, ACCEPTS_WORK, ...NEED_RULES, DEVICES_FREE, SLOT_FREE] as const;

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
		row.ready = false;
	}
	const broken = ({ constraints }: NodePlacement): number => constraints.filter(({ holds }) => !holds).length;
	return rows.sort((a, b) => broken(a) - broken(b) || (a.name < b.name ? -1 : 1));
};

const rowOf = (wanted: Wanted, node: NodeSlots): NodePlacement => {
	const constraints = TABLE.map(({ name, holds, asked, has }): Constraint => {
		return { name, holds: holds(wanted, node), asked: asked(wanted), has: has(wanted, node) };
	});
	const ready = constraints.every(({ holds }) => holds);
	const room = SLOT_FREE.holds(wanted, node);
	const able = constraints.every(({ name, holds }) => holds || name === 'slot' || name === 'devices');
	return { node: node.id, name: node.name, able, room, ready, constraints };
};
