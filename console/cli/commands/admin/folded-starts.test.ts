import { expect, it } from 'vitest';
import { foldedStarts } from './folded-starts.ts';

const start = (second: number, person: string, rule: 'idle-only' | 'boosted' = 'idle-only') => ({
	at: `2026-03-01T07:30:0${second}.000Z`,
	task: `tsk_${second}`,
	person,
	node: 'lab-1',
	rule,
});

it('folds what says the same, and keeps the order', () => {
	const folded = foldedStarts([
		start(1, 'ann'),
		start(2, 'ann'),
		start(3, 'ben'),
		start(4, 'ann'),
		start(5, 'ann', 'boosted'),
	]);
	expect(folded.map(({ person, count, rule }) => [person, count, rule])).toEqual([
		['ann', 2, 'idle-only'],
		['ben', 1, 'idle-only'],
		['ann', 1, 'idle-only'],
		['ann', 1, 'boosted'],
	]);
	expect(folded[0]).toMatchObject({ from: start(1, 'ann').at, to: start(2, 'ann').at, task: 'tsk_1' });
});
