import { expect, it } from 'vitest';
import type { Waiting } from '../../shared/protocol/waiting.ts';
import { type RestingNode, withRestingNodes } from './resting-nodes.ts';

const waiting = (standby: string[]): Waiting => ({
	rule: 'no-node-serves-queue',
	because: 'It can start when a node takes work again.',
	queue: 'normal',
	ahead: null,
	facts: { standby },
});
const NODES: RestingNode[] = [
	{ name: 'a', state: 'cordoned', reason: 'new disk', until: '2026-03-01T07:30:00.000Z' },
	{ name: 'b', state: 'draining', reason: null, until: null },
	{ name: 'c', state: 'suspect', reason: null, until: null },
	{ name: 'd', state: 'cordoned', reason: null, until: null },
];
const why = (names: readonly string[]) => NODES.filter(({ name }) => names.includes(name));

it('says of nodes that could run it why they take no work, until when, and in whose words', () => {
	const told = withRestingNodes(waiting(['a', 'b', 'c', 'd']), why);
	expect(told.because).toBe(
		'It can start when a node takes work again. Node a is cordoned until 2026-03-01 07:30 UTC (“new disk”). Node b is draining. Node c is kept from work because it lost what it was given.',
	);
	expect(told.facts.resting).toMatchObject([{ node: 'a', reason: 'new disk' }, { node: 'b' }, { node: 'c' }]);
});

it('says nothing where no such node is what keeps it, or none rests any more', () => {
	expect(withRestingNodes(waiting([]), why)).toEqual(waiting([]));
	expect(withRestingNodes(waiting(['gone']), why)).toEqual(waiting(['gone']));
	const { facts: _, ...rest } = waiting([]);
	expect(withRestingNodes({ ...rest, facts: {} }, why)).toEqual({ ...rest, facts: {} });
});
