import { expect, test } from 'vitest';
import type { Waiting } from '../../shared/protocol/waiting.ts';
import type { OpenTask } from './open-task.ts';
import { QueueWaits } from './queue-waits.ts';
import type { TaskReader } from './task-reader.ts';

interface Line {
	seq: number;
	order?: number;
	size: number;
	rule: Waiting['rule'] | null;
	routingKey?: string;
}

const waitsOf = (lines: readonly Line[]) => {
	let asked = 0;
	const inLine = (seq: number): Waiting | null => {
		asked += 1;
		const rule = lines.find((line) => line.seq === seq)?.rule ?? null;
		return rule && { rule, because: `${rule} of ${seq}`, queue: 'fast', ahead: null, facts: {} };
	};
	const waits = new QueueWaits({
		scheduler: {
			insight: {
				*heads() {
					for (const { seq, order = seq, size, routingKey = 'a.b' } of lines) {
						yield { head: { seq, order, routingKey } as OpenTask, size };
					}
				},
			},
		},
		reader: {
			outlook: { inLine } as TaskReader['outlook'],
			idsOf: async (seqs) => new Map(seqs.filter((seq) => seq !== 13).map((seq) => [seq, `tsk_${seq}`])),
		},
	});
	return { waits, asked: () => asked };
};

test('lines are told by the rule that keeps them, the first of each as example, the most tasks first', async () => {
	const { waits } = waitsOf([
		{ seq: 3, size: 2, rule: 'class-cap' },
		{ seq: 2, size: 5, rule: 'slots-busy' },
		{ seq: 4, size: 9, rule: null },
		{ seq: 5, order: 1, size: 4, rule: 'class-cap' },
		{ seq: 13, size: 1, rule: 'user-cap' },
	]);
	expect(await waits.of('fast')).toEqual([
		{ rule: 'class-cap', because: 'class-cap of 5', task: 'tsk_5', tasks: 6 },
		{ rule: 'slots-busy', because: 'slots-busy of 2', task: 'tsk_2', tasks: 5 },
	]);
});

test('only so many lines are asked, however many people wait', async () => {
	const lines = Array.from({ length: 10_000 }, (_, seq): Line => ({ seq, size: 1, rule: 'slots-busy' }));
	const { waits, asked } = waitsOf(lines);
	const answer = waits.of('fast');
	await new Promise((resolve) => setImmediate(resolve));
	expect(asked(), 'others get their turn between two lines').toBeLessThanOrEqual(2);
	const [told] = await answer;
	expect([asked(), told?.tasks]).toEqual([100, 100]);
	expect(waits.astray()).toEqual({ tasks: 10_000, routingKeys: ['a.b'] });
});
