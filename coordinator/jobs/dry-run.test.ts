import { expect, it } from 'vitest';
import { TestBook } from '../../test/support/policy-book.ts';
import type { NewTask } from '../queue/submit-store.ts';
import { DryRuns } from './dry-run.ts';
import type { StoredWish } from './job-tasks.ts';
import { Skips } from './skips.ts';

const task = (typeSeq: number, routingKey: string, serviceClass: string | null = null) =>
	({ ownerSeq: 1, typeSeq, routingKey, serviceClass, priority: 4, inputs: '[]' }) as unknown as NewTask;

it('tells in how long the first of each queue starts, as far as that is known', async () => {
	const asked: unknown[] = [];
	const range = { quick: { from: 1_000.4, to: 2_000 }, slow: { from: 500, to: 90_000 }, unknown: null };
	const tasks = [task(1, 'a.x'), task(0, 'a.x', 'gold'), task(0, 'a.x', 'gold'), task(2, 'b.x'), task(2, 'none')];
	const dryRuns = new DryRuns({
		ledger: {} as never,
		selections: {} as never,
		jobTasks: { of: () => ({ tasks, skips: new Skips() }) } as never,
		types: { bySeq: (seq: number) => ({ name: ['quick', 'slow', 'unknown'][seq], needs: {} }) } as never,
		policies: new TestBook(),
		route: (key) => ({ 'a.x': 'a', 'b.x': 'b' })[key] ?? null,
		costOf: () => ({ expectedMs: 10, isKnown: true }),
		waitOf: (one) => {
			asked.push(`${one.owner} ${one.type} ${one.serviceClass}`);
			return range[one.type as keyof typeof range];
		},
	});
	const source = { ownerSeq: 1, cause: 'demand', scheduleSeq: null, triggerSeq: null } as const;
	const dry = await dryRuns.of(source, { steps: [], spread: 'each', lane: 'fresh' } as unknown as StoredWish);
	expect(dry).toMatchObject({
		tasks: 5,
		queues: [
			{ queue: 'a', tasks: 3 },
			{ queue: 'b', tasks: 1 },
			{ queue: null, tasks: 1 },
		],
		waits: [
			{ queue: 'a', range: { fromMs: 1_000, toMs: 2_000, confidence: 0.8 } },
			{ queue: 'b', range: null },
			{ queue: null, range: null },
		],
	});
	// Once for all that are alike.
	expect(asked).toEqual(['1 slow standard', '1 quick gold', '1 unknown standard', '1 unknown standard']);
});
