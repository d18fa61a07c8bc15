import type { ClassLimit } from './class-share.ts';
import type { NodeSlots } from './node-slots.ts';
import {
	ACCEPTS_WORK,
	type AskedNeed,
	couldServe,
	DEVICES_FREE,
	type MostOfNeed,
	NEED_RULES,
	type NeedName,
	SERVES_QUEUE,
	SLOT_FREE,
	type Wanted,
} from './placement-rules.ts';
import type { Ahead } from './queue-position.ts';

/** A need that a node falls short of: what is asked, the most that a node which serves the queue has. */
export interface Lacking {
	need: NeedName;
	asked: AskedNeed;
	most: MostOfNeed;
	/** On how many of the nodes that serve the queue it is missing. */
	nodes: number;
}

/** Why a queued task has not started: the first rule that holds it back, with the facts. Nodes are given by name. */
export type WaitingReason =
	| { rule: 'no-queue'; routingKey: string }
	| { rule: 'queue-paused'; queue: string; ahead: Ahead }
	/** `standby`: nodes that could run it but take no work now. */
	| { rule: 'no-node-serves-queue'; queue: string; standby: string[] }
	| { rule: 'no-node-meets-needs'; queue: string; serving: number; lacking: Lacking[]; standby: string[] }
	| {
			rule: 'hardware-busy';
			queue: string;
			hardware: Record<string, number>;
			nodes: string[];
			/** Seqs of the running tasks that hold these devices there. */
			holders: number[];
			idleOnly: boolean;
			ahead: Ahead;
			avoiding: string | null;
	  }
	| {
			rule: 'slots-busy';
			queue: string;
			nodes: string[];
			slots: number;
			running: number;
			/** Free slots there that are kept for tasks of short types, which it is not. */
			kept: number;
			/** Slots there that idle-only tasks are giving back. */
			yielding: number;
			/** Its class takes only slots that no other work can use. */
			idleOnly: boolean;
			ahead: Ahead;
			avoiding: string | null;
	  }
	/** Its class runs as much as it may: `most` of what is capped, `used` of it taken, `asked` by this task. */
	| (Extract<ClassLimit, { rule: 'class-cap' }> & { queue: string; serviceClass: string; ahead: Ahead })
	/** Its class has started as many as it may for now. */
	| (Extract<ClassLimit, { rule: 'class-rate' }> & { queue: string; serviceClass: string; ahead: Ahead })
	/** Its owner runs as many tasks as one person may in this class. */
	| { rule: 'user-cap'; queue: string; serviceClass: string; most: number; running: number; ahead: Ahead }
	/** A node has room: it starts as soon as those ahead have been placed. */
	| { rule: 'next'; queue: string; nodes: string[]; idleOnly: boolean; ahead: Ahead; avoiding: string | null };

export interface Waiting extends Wanted {
	routingKey: string;
	paused: boolean;
	serviceClass: string;
	/** It stands behind all other work: of an idle-only class, and not boosted. */
	idleOnly: boolean;
	/** What keeps its class, or its owner there, from starting it; null if nothing does. */
	limit: ClassLimit | { rule: 'user-cap'; most: number; running: number } | null;
	/** Id of the node it was lost on. */
	avoidNode: string | null;
	ahead: () => Ahead;
}

const namesOf = (nodes: readonly NodeSlots[]): string[] => nodes.map(({ name }) => name).sort();

/** The reason, asked of every connected node with the rules that picking uses. */
export const waitingReason = (task: Waiting, connected: readonly NodeSlots[]): WaitingReason => {
	const { queue, demand } = task;
	if (queue === null) return { rule: 'no-queue', routingKey: task.routingKey };
	if (task.paused) return { rule: 'queue-paused', queue, ahead: task.ahead() };

	const serving = connected.filter((node) => SERVES_QUEUE.holds(task, node));
	const working = serving.filter((node) => ACCEPTS_WORK.holds(task, node));
	const able = working.filter((node) => couldServe(task, node));
	if (able.length === 0) {
		const resting = serving.filter((node) => !working.includes(node));
		const standby = namesOf(resting.filter((node) => NEED_RULES.every(({ holds }) => holds(task, node))));
		if (working.length === 0) return { rule: 'no-node-serves-queue', queue, standby };
		return { rule: 'no-node-meets-needs', queue, serving: working.length, lacking: lackingOf(task, working), standby };
	}

	const { limit, serviceClass } = task;
	if (limit) return { ...limit, queue, serviceClass, ahead: task.ahead() };

	const others = able.filter(({ id }) => id !== task.avoidNode);
	const candidates = others.length > 0 ? others : able;
	const avoiding = others.length > 0 ? (able.find(({ id }) => id === task.avoidNode)?.name ?? null) : null;
	const common = { queue, idleOnly: task.idleOnly, ahead: task.ahead(), avoiding };
	const devicesFree = candidates.filter((node) => DEVICES_FREE.holds(task, node));
	const room = devicesFree.filter((node) => SLOT_FREE.holds(task, node));
	if (room.length > 0) return { rule: 'next', nodes: namesOf(room), ...common };
	if (devicesFree.length > 0) {
		const slots = devicesFree.reduce((sum, node) => sum + node.concurrency, 0);
		const running = devicesFree.reduce((sum, node) => sum + node.leases.size, 0);
		const kept = devicesFree.reduce((sum, node) => sum + Math.max(0, node.concurrency - node.leases.size), 0);
		const yielding = devicesFree.reduce(
			(sum, node) => sum + [...node.leases].filter(({ askedBackAt }) => askedBackAt !== null).length,
			0,
		);
		return { rule: 'slots-busy', nodes: namesOf(devicesFree), slots, running, kept, yielding, ...common };
	}
	const holders = new Set(
		candidates.flatMap((node) => demand.devices.flatMap(({ name }) => node.holders(name).map(({ task }) => task.seq))),
	);
	return {
		rule: 'hardware-busy',
		hardware: Object.fromEntries(demand.devices.map(({ name, count }) => [name, count])),
		nodes: namesOf(candidates),
		holders: [...holders].sort((a, b) => a - b),
		...common,
	};
};

/** The needs that no working node meets; if each is met by some node but no node meets all, every need that fails. */
const lackingOf = (task: Waiting, working: readonly NodeSlots[]): Lacking[] => {
	const failing = NEED_RULES.map(({ name, holds, asked, most }): Lacking => {
		const short = working.filter((node) => !holds(task, node)).length;
		return { need: name, nodes: short, asked: asked(task), most: most(task, working) };
	}).filter(({ nodes }) => nodes > 0);
	const everywhere = failing.filter(({ nodes }) => nodes === working.length);
	return everywhere.length > 0 ? everywhere : failing;
};
