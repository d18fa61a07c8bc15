import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LossWatch } from './loss-watch.ts';
import type { NodeRecord } from './node-record.ts';
import type { NodeRegistry } from './node-registry.ts';
import type { NodeSteering } from './node-steering.ts';

const watch = () => {
	let now = 0;
	const suspected: { node: string; tasks: string[] }[] = [];
	const rows = new Map<string, { suspectAt: number | null }>();
	const rowOf = (id: string) => {
		const row = rows.get(id) ?? { suspectAt: null };
		rows.set(id, row);
		return row;
	};
	const losses = new LossWatch({
		registry: { find: (id: string) => ({ row: rowOf(id) }) as NodeRecord } as unknown as NodeRegistry,
		steering: {
			suspect: async (node: string, tasks: string[]) => {
				rowOf(node).suspectAt = now;
				suspected.push({ node, tasks });
			},
		} as unknown as NodeSteering,
		now: () => now,
	});
	return {
		losses,
		suspected,
		uncordon: (node: string) => Object.assign(rowOf(node), { suspectAt: null }),
		later: () => {
			now += 10_000;
		},
	};
};

describe('LossWatch', () => {
	test('suspects a node under which three different tasks crashed in a row', () => {
		const { losses, suspected } = watch();
		for (const task of ['a', 'b', 'c']) losses.settled('n', task, 'crashed');
		expect(suspected).toEqual([{ node: 'n', tasks: ['a', 'b', 'c'] }]);
	});

	test('takes a success between as the end of the streak', () => {
		const { losses, suspected } = watch();
		for (const task of ['a', 'b']) losses.settled('n', task, 'crashed');
		losses.settled('n', 'ok', 'succeeded');
		for (const task of ['c', 'd']) losses.settled('n', task, 'crashed');
		losses.settled('other', 'e', 'crashed');
		expect(suspected).toEqual([]);
	});

	test('blames the task, not the node, when it is always the same', () => {
		const { losses, suspected } = watch();
		for (let i = 0; i < 10; i++) losses.settled('n', 'poison', 'crashed');
		expect(suspected).toEqual([]);
	});

	test('counts a machine that dies under many tasks once', () => {
		const { losses, suspected, later } = watch();
		for (let i = 0; i < 2; i++) {
			for (const task of 'abcdefgh') losses.lost('n', `${task}${i}`);
			later();
		}
		expect(suspected).toEqual([]);
		for (const task of 'abcdefgh') losses.lost('n', `${task}2`);
		expect(suspected).toHaveLength(1);
	});

	test('starts anew after an administrator has let it work again', () => {
		const { losses, suspected, uncordon } = watch();
		for (const task of ['a', 'b', 'c', 'd', 'e']) losses.settled('n', task, 'crashed');
		expect(suspected).toHaveLength(1);
		uncordon('n');
		losses.settled('n', 'f', 'crashed');
		expect(suspected).toHaveLength(1);
		losses.settled('n', 'g', 'crashed');
		losses.settled('n', 'h', 'crashed');
		expect(suspected).toHaveLength(2);
	});

	test('never suspects without three different crashed tasks since the last success', () => {
		const step = fc.record({
			task: fc.constantFrom('a', 'b', 'c', 'd'),
			end: fc.constantFrom<'succeeded' | 'crashed'>('succeeded', 'crashed'),
		});
		fc.assert(
			fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
				const { losses, suspected } = watch();
				let streak = new Set<string>();
				let expected = 0;
				for (const { task, end } of steps) {
					losses.settled('n', task, end);
					if (end === 'succeeded') streak = new Set();
					else streak.add(task);
					if (streak.size >= 3) expected = 1;
					expect(suspected).toHaveLength(expected);
				}
			}),
		);
	});
});
