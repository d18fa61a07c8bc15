import { CodedError } from '../../shared/coded-error.ts';
import type { ServiceClassSettings } from '../../shared/protocol/service-class.ts';
import type { AddedNodes, WhatIf } from '../../shared/protocol/what-if.ts';
import { sandboxRank } from '../scheduler/needs.ts';
import type { NodeOffer } from '../scheduler/node-slots.ts';
import type { QueueRules } from '../scheduler/scheduler.ts';
import type { ClassRules } from '../scheduler/service-class.ts';
import type { Circumstances } from './period.ts';
import type { Change } from './world.ts';

/** The wish with the rules that the scheduler goes by. */
export type Wish = Pick<WhatIf, 'queues' | 'fleet'> & { classes: readonly ClassRules[] };

export const wishOf = (
	{ classes, queues, fleet }: WhatIf,
	rulesOf: (name: string, settings: ServiceClassSettings) => ClassRules,
): Wish => ({
	classes: Object.entries(classes).map(([name, settings]) => rulesOf(name, settings)),
	queues,
	fleet,
});

/** The same period with what is wished for, from its first moment to its last, whatever was changed in it. */
export const changed = ({ world, changes }: Circumstances, wish: Wish): Circumstances => {
	const removed = removedNodes(world.nodes, changes, wish.fleet.remove);
	requireQueues(wish, world.queues);
	return {
		world: {
			...world,
			queues: withQueues(world.queues, wish),
			classes: withClasses(world.classes, wish),
			nodes: [...world.nodes.filter(({ id }) => !removed.has(id)), ...addedNodes(world.nodes, changes, wish.fleet.add)],
			// What ran on a node that is not there comes in line first of all.
			leases: world.leases.filter(({ node }) => !removed.has(node)),
			line: [...world.leases.filter(({ node }) => removed.has(node)).map(({ task }) => task), ...world.line],
		},
		changes: changes.flatMap((change) => changeAs(change, wish, removed) ?? []),
	};
};

/** What becomes of something that was done in the period; null: nothing. */
const changeAs = (change: Change, wish: Wish, removed: ReadonlySet<string>): Change | null => {
	switch (change.do) {
		case 'setQueues':
			return { ...change, queues: withQueues(change.queues, wish) };
		case 'setClasses':
			return { ...change, classes: withClasses(change.classes, wish) };
		case 'setNode':
			return removed.has(change.node.id) ? null : change;
		case 'removeNode':
			return removed.has(change.id) ? null : change;
		case 'remove':
		case 'alter':
			return change;
	}
};

const withQueues = (queues: readonly QueueRules[], { queues: wished }: Wish): QueueRules[] => {
	const named = new Set(wished.map(({ name }) => name));
	const asWished = wished.flatMap((one) =>
		one.remove ? [] : [{ name: one.name, bindingKeys: one.bindingKeys, paused: one.paused }],
	);
	return [...queues.filter(({ name }) => !named.has(name)), ...asWished];
};

const withClasses = (classes: readonly ClassRules[], { classes: wished }: Wish): ClassRules[] => {
	const named = new Set(wished.map(({ id }) => id));
	return [...classes.filter(({ id }) => !named.has(id)), ...wished];
};

/** A queue that nobody has is a slip of the pen, not a wish. */
const requireQueues = ({ queues, fleet }: Wish, recorded: readonly QueueRules[]): void => {
	const there = new Set([...recorded, ...queues].map(({ name }) => name));
	for (const queue of fleet.add.flatMap(({ queues: served }) => served)) {
		if (there.has(queue)) continue;
		const known = [...there].sort().slice(0, 20).join(', ');
		throw new CodedError('invalid', `fleet.add: there was no queue ${queue} in that time; there were: ${known}.`);
	}
};

const removedNodes = (
	nodes: readonly NodeOffer[],
	changes: readonly Change[],
	names: readonly string[],
): ReadonlySet<string> => {
	const all = [...nodes, ...changes.flatMap((change) => (change.do === 'setNode' ? [change.node] : []))];
	const ids = new Set<string>();
	for (const name of names) {
		const found = all.filter((node) => node.name === name || node.id === name);
		if (found.length === 0) {
			throw new CodedError('invalid', `fleet.remove: no node ${name} was connected in that time; see: millrace nodes.`);
		}
		for (const { id } of found) ids.add(id);
	}
	return ids;
};

/** Nodes that were not there. What is not said of them is as large as the largest that was. */
const addedNodes = (
	nodes: readonly NodeOffer[],
	changes: readonly Change[],
	added: readonly AddedNodes[],
): NodeOffer[] => {
	const all = [...nodes, ...changes.flatMap((change) => (change.do === 'setNode' ? [change.node] : []))];
	const had = all.map(({ capabilities }) => capabilities);
	const largest: NodeOffer['capabilities'] = {
		cores: Math.max(1, ...had.map(({ cores }) => cores)),
		memoryBytes: Math.max(0, ...had.map(({ memoryBytes }) => memoryBytes)),
		sandbox: had.map(({ sandbox }) => sandbox).reduce((a, b) => (sandboxRank(b) > sandboxRank(a) ? b : a), 'none'),
		taskTypes: [...new Set(had.flatMap(({ taskTypes }) => taskTypes))],
		hardware: {},
		labels: {},
	};
	return added.flatMap(({ count, concurrency, queues, capabilities }, kind) =>
		Array.from({ length: count }, (_, i): NodeOffer => {
			const id = `added-${kind + 1}-${i + 1}`;
			const said = Object.fromEntries(Object.entries(capabilities).filter(([, value]) => value !== undefined));
			return { id, name: id, queues, concurrency, capabilities: { ...largest, ...said }, accepting: true };
		}),
	);
};
