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

/** What keeps a task whether it stands in line or not; who is ahead is known in line only. */
type LastingReason<A extends Ahead | null> =
	| { rule: 'no-queue'; routingKey: string }
	| { rule: 'queue-paused'; queue: string; ahead: A }
	/** `standby`: nodes that could run it but take no work now. */
	| { rule: 'no-node-serves-queue'; queue: string; standby: string[] }
	| { rule: 'no-node-meets-needs'; queue: string; serving: number; lacking: Lacking[]; standby: string[] };

/** Why a queued task has not started: the first rule that holds it back, with the facts. Nodes are given by name. */
export type WaitingReason =
	| LastingReason<Ahead>
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

/** One of all the things that keep a task. */
export type Obstacle = WaitingReason | LastingReason<null>;

/** What can be asked of a task whether it stands in line or not. */
interface Unplaced<A extends Ahead | null> extends Wanted {
	routingKey: string;
	paused: boolean;
	ahead: () => A;
}

export interface Waiting extends Unplaced<Ahead> {
	serviceClass: string;
	/** It stands behind all other work: of an idle-only class, and not boosted. */
	idleOnly: boolean;
	/** What keeps its class, or its owner there, from starting it; null if nothing does. */
	limit: ClassLimit | { rule: 'user-cap'; most: number; running: number } | null;
	/** Id of the node it was lost on. */
	avoidNode: string | null;
}

const namesOf = (nodes: readonly NodeSlots[]): string[] => nodes.map(({ name }) => name).sort();

/** The reason, asked of every connected node with the rules that picking uses. */
export const waitingReason = (task: Waiting, connected: readonly NodeSlots[]): WaitingReason =>
	waitingReasons(task, connected).next().value!;

/** What keeps it out of line or not, in the order in which it is asked: queue, pause, nodes. Answers the nodes that could run it. */
export function* lastingReasons<A extends Ahead | null>(
	task: Unplaced<A>,
	connected: readonly NodeSlots[],
): Generator<LastingReason<A>, NodeSlots[], void> {
	const { queue } = task;
	if (queue === null) {
		yield { rule: 'no-queue', routingKey: task.routingKey };
		return [];
	}
	if (task.paused) yield { rule: 'queue-paused', queue, ahead: task.ahead() };

	const serving = connected.filter((node) => SERVES_QUEUE.holds(task, node));
	const working = serving.filter((node) => ACCEPTS_WORK.holds(task, node));
	const able = working.filter((node) => couldServe(task, node));
	if (able.length === 0) {
		const resting = serving.filter((node) => !working.includes(node));
		const standby = namesOf(resting.filter((node) => NEED_RULES.every(({ holds }) => holds(task, node))));
		yield working.length === 0
			? { rule: 'no-node-serves-queue', queue, standby }
			: { rule: 'no-node-meets-needs', queue, serving: working.length, lacking: lackingOf(task, working), standby };
	}
	return able;
}

/** Every reason that holds, in the order in which they are asked. There is one at least: the last is its turn. */
export function* waitingReasons(
	task: Waiting,
	connected: readonly NodeSlots[],
): Generator<WaitingReason, undefined, void> {
	const able = yield* lastingReasons(task, connected);
	const { queue } = task;
	if (queue === null) return;

	const { limit, serviceClass } = task;
	if (limit) yield { ...limit, queue, serviceClass, ahead: task.ahead() };
	if (able.length > 0) yield roomReason(task, queue, able);
}

/** What is taken of those that could run it, or that its turn comes. */
const roomReason = (task: Waiting, queue: string, able: readonly NodeSlots[]): WaitingReason => {
	const { demand } = task;
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
const lackingOf = (task: Wanted, working: readonly NodeSlots[]): Lacking[] => {
	const failing = NEED_RULES.map(({ name, holds, asked, most }): Lacking => {
		const short = working.filter((node) => !holds(task, node)).length;
		return { need: name, nodes: short, asked: asked(task), most: most(task, working) };
	}).filter(({ nodes }) => nodes > 0);
	const everywhere = failing.filter(({ nodes }) => nodes === working.length);
	return everywhere.length > 0 ? everywhere : failing;
};
