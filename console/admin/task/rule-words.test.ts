import { expect, it } from 'vitest';
import type { PlacementView } from '../../../shared/protocol/waiting.ts';
import { constraintWords, rulesOf, ruleWords, unmetBy } from './rule-words.ts';

type Node = PlacementView['nodes'][number];
const node = (name: string, ...constraints: Node['constraints']): Node => ({
	name,
	able: false,
	room: false,
	constraints,
});
const queue = { name: 'queue', holds: true, asked: 'normal', has: ['normal'] };
const card = { name: 'hardware', holds: false, asked: { 'capture-card': 1 }, has: {} };

it.each([
	[queue, 'yes'],
	[card, 'no: asks capture-card=1, has none'],
	[{ name: 'memory', holds: false, asked: 2_000_000_000, has: 1_000_000_000 }, 'no: asks 2.0 GB, has 1.0 GB'],
	[{ name: 'accepting', holds: false, asked: true, has: false }, 'no: cordoned, draining or away'],
	[
		{ name: 'labels', holds: false, asked: { zone: 'lab' }, has: { zone: 'a', os: 'b' } },
		'no: asks zone=lab, has zone=a, os=b',
	],
	[{ name: 'moon', holds: false, asked: 'full', has: null }, 'no: asks full, has none'],
])('%o is told as %s', (constraint, words) => {
	expect(constraintWords(constraint)).toBe(words);
});

it('knows what no node has, and what is asked of some only', () => {
	const avoid = { name: 'avoid', holds: false, asked: 'another', has: 'b' };
	const nodes = [node('a', queue, card), node('b', queue, card, avoid)];
	expect(rulesOf(nodes)).toEqual(['hardware', 'avoid', 'queue']);
	expect(unmetBy(nodes)).toEqual(['hardware']);
	expect(unmetBy([])).toEqual([]);
	expect(ruleWords('moon')).toBe('moon');
});
