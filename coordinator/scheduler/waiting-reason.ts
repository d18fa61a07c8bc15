import { sandboxRank } from './needs.ts';
import type { NodeSlots } from './node-slots.ts';
import {
	ACCEPTS_WORK,
	couldServe,
	DEVICES_FREE,
	NEED_RULES,
	type NeedName,
	SERVES_QUEUE,
	SLOT_FREE,
	type Wanted,
} from './placement-rules.ts';

/** A need that a node falls short of: what is asked, the most that a node which serves the queue has. */
export interface Lacking {
	need: NeedName;
	asked: string | number | Record<string, number>;
	most: string | number | Record<string, number> | null;
	/** On how many of the nodes that serve the queue it is missing. */
	nodes: number;
}

/** What goes before it in its queue: so many of its owner's own tasks, and so many other people with tasks there. */
export interface Ahead {
	own: number;
	people: number;
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
			ahead: Ahead;
			avoiding: string | null;
	  }
	| {
			rule: 'slots-busy';
			queue: string;
			nodes: string[];
			slots: number;
			running: number;
			ahead: Ahead;
			avoiding: string | null;
	  }
	/** Its class, or its owner in this class, runs as many tasks as it may. */
	| { rule: 'class-cap' | 'user-cap'; queue: string; running: number; ahead: Ahead }
	/** A node has room: it starts as soon as those ahead have been placed. */
	| { rule: 'next'; queue: string; nodes: string[]; ahead: Ahead; avoiding: string | null };

export interface Waiting extends Wanted {
	routingKey: string;
	paused: boolean;
	/** Running tasks where a cap is reached, of the class and of the owner; null below it. */
	caps: { ofClass: number | null; ofUser: number | null };
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

	const { ofClass, ofUser } = task.caps;
	if (ofClass !== null) return { rule: 'class-cap', queue, running: ofClass, ahead: task.ahead() };
	if (ofUser !== null) return { rule: 'user-cap', queue, running: ofUser, ahead: task.ahead() };

	const others = able.filter(({ id }) => id !== task.avoidNode);
	const candidates = others.length > 0 ? others : able;
	const avoiding = others.length > 0 ? (able.find(({ id }) => id === task.avoidNode)?.name ?? null) : null;
	const common = { queue, ahead: task.ahead(), avoiding };
	const devicesFree = candidates.filter((node) => DEVICES_FREE.holds(task, node));
	const room = devicesFree.filter((node) => SLOT_FREE.holds(task, node));
	if (room.length > 0) return { rule: 'next', nodes: namesOf(room), ...common };
	if (devicesFree.length > 0) {
		const slots = devicesFree.reduce((sum, node) => sum + node.concurrency, 0);
		const running = devicesFree.reduce((sum, node) => sum + node.leases.size, 0);
		return { rule: 'slots-busy', nodes: namesOf(devicesFree), slots, running, ...common };
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
	const failing = NEED_RULES.map(({ name, holds }) => {
		const short = working.filter((node) => !holds(task, node)).length;
		return { need: name, nodes: short, ...compare(name, task, working) };
	}).filter(({ nodes }) => nodes > 0);
	const everywhere = failing.filter(({ nodes }) => nodes === working.length);
	return everywhere.length > 0 ? everywhere : failing;
};

const compare = (need: NeedName, { demand }: Waiting, nodes: readonly NodeSlots[]): Pick<Lacking, 'asked' | 'most'> => {
	const strongest = (better: (a: NodeSlots, b: NodeSlots) => boolean): NodeSlots =>
		nodes.reduce((best, node) => (better(node, best) ? node : best));
	switch (need) {
		case 'type':
			return { asked: demand.type, most: null };
		case 'cores':
			return { asked: demand.cores, most: strongest((a, b) => a.cores > b.cores).cores };
		case 'memory':
			return { asked: demand.memoryBytes, most: strongest((a, b) => a.memoryBytes > b.memoryBytes).memoryBytes };
		case 'sandbox':
			return {
				asked: demand.sandbox,
				most: strongest((a, b) => sandboxRank(a.sandbox) > sandboxRank(b.sandbox)).sandbox,
			};
		case 'hardware':
			return {
				asked: Object.fromEntries(demand.devices.map(({ name, count }) => [name, count])),
				most: Object.fromEntries(
					demand.devices.map(({ name }) => [name, Math.max(...nodes.map((node) => node.hardware.get(name) ?? 0))]),
				),
			};
	}
};
