import { describe, expect, it } from 'vitest';
import type { ReadyTask } from './ready-task.ts';
import { Scheduler } from './scheduler.ts';
import { plainClass } from './service-class.ts';
import { waitingSentence } from './waiting-sentence.ts';

const NEEDS = { cores: 1, memoryBytes: 0, hardware: {}, labels: {}, sandbox: 'none' } as const;
const HOUR_MS = 3_600_000;

/** Nodes with cards, and a class that gets only what is left. */
const farm = (nodes: { name: string; concurrency: number; cards: number }[]): Scheduler => {
	const scheduler = new Scheduler();
	scheduler.setQueues([{ name: 'normal', bindingKeys: ['#'], paused: false }], 0);
	scheduler.setClasses([plainClass('standard'), { ...plainClass('idle'), idleOnly: true }]);
	for (const { name, concurrency, cards } of nodes) {
		scheduler.setNode({
			...{ id: name, name, queues: ['normal'], concurrency, accepting: true },
			capabilities: {
				...{ cores: 8, memoryBytes: 1e9, labels: {}, sandbox: 'none', taskTypes: ['noop'] },
				hardware: { card: cards },
			},
		});
	}
	return scheduler;
};

const task = (seq: number, serviceClass: string, cards = 0, owner = seq): ReadyTask => ({
	...{
		seq,
		owner,
		serviceClass,
		routingKey: 'x',
		priority: 4,
		order: seq,
		type: 'noop',
		avoidNode: null,
		boosted: false,
	},
	needs: { ...NEEDS, hardware: cards === 0 ? {} : { card: cards } },
});

const started = (scheduler: Scheduler, now: number): number[] =>
	scheduler.pick(100, now).map(({ task: { seq } }) => seq);
const askedBack = (scheduler: Scheduler, now: number): number[] =>
	scheduler.preempt(100, now).map(({ task: { seq } }) => seq);

describe('idle-only work', () => {
	it('gives back all devices that other work needs together, and takes none of them meanwhile', () => {
		const scheduler = farm([{ name: 'n', concurrency: 4, cards: 2 }]);
		for (let seq = 1; seq <= 10; seq += 1) scheduler.enqueue(task(seq, 'idle', 1), 0);
		expect(started(scheduler, 0)).toEqual([1, 2]);
		scheduler.enqueue(task(20, 'standard', 2), 1);
		expect(started(scheduler, 1)).toEqual([]);
		expect(askedBack(scheduler, 1).sort()).toEqual([1, 2]);
		scheduler.release(1, null, 500);
		expect(started(scheduler, 500)).toEqual([]);
		scheduler.release(2, null, 900);
		expect(started(scheduler, 900)).toEqual([20]);
	});

	it('says that it waits for what no other work can use, unless it is boosted', () => {
		const scheduler = farm([{ name: 'n', concurrency: 1, cards: 0 }]);
		scheduler.enqueue(task(1, 'standard'), 0);
		expect(started(scheduler, 0)).toEqual([1]);
		scheduler.enqueue(task(2, 'idle'), 0);
		scheduler.enqueue({ ...task(3, 'idle'), boosted: true }, 0);
		const said = (seq: number) => waitingSentence(scheduler.insight.explain(seq, 1)!);
		expect(said(2)).toContain('is of an idle-only class and starts when no other work can use the slot.');
		expect(said(3)).toContain('starts when a slot is free and its turn has come');
	});

	it('gives back as many slots as a node has too few of', () => {
		const scheduler = farm([{ name: 'n', concurrency: 3, cards: 0 }]);
		for (let seq = 1; seq <= 3; seq += 1) scheduler.enqueue(task(seq, 'idle'), 0);
		expect(started(scheduler, 0)).toHaveLength(3);
		const [node] = [{ id: 'n', name: 'n', queues: ['normal'], concurrency: 1, accepting: true }];
		const capabilities = { cores: 8, memoryBytes: 1e9, labels: {}, taskTypes: ['noop'], hardware: {} };
		scheduler.setNode({ ...node, capabilities: { ...capabilities, sandbox: 'none' } });
		scheduler.enqueue(task(20, 'standard'), 1);
		expect(started(scheduler, 1)).toEqual([]);
		expect(askedBack(scheduler, 1)).toHaveLength(3);
	});

	it('is asked elsewhere when a node keeps what it was asked for', () => {
		const scheduler = farm([
			{ name: 'honest', concurrency: 1, cards: 0 },
			{ name: 'rogue', concurrency: 1, cards: 0 },
		]);
		for (let seq = 1; seq <= 2; seq += 1) scheduler.enqueue(task(seq, 'idle'), 0);
		expect(started(scheduler, 0)).toEqual([1, 2]);
		scheduler.enqueue(task(20, 'standard'), 1);
		expect(started(scheduler, 1)).toEqual([]);
		expect(askedBack(scheduler, 1)).toEqual([2]);
		expect(askedBack(scheduler, 4_000)).toEqual([]);
		const later = scheduler.wakeAt(4_000)!;
		expect(later).toBeLessThanOrEqual(5_001);
		expect(askedBack(scheduler, later)).toEqual([1]);
	});
});

describe('what is used', () => {
	it('is still known when old costs are made small while something runs', () => {
		const scheduler = farm([{ name: 'n', concurrency: 2, cards: 0 }]);
		for (const seq of [1, 2]) scheduler.enqueue(task(seq, 'standard', 0, 1), 0);
		expect(started(scheduler, 34 * HOUR_MS - 60_000)).toEqual([1, 2]);
		for (const seq of [1, 2]) scheduler.release(seq, 60_000, 34 * HOUR_MS);
		// Two hundred half-lives after the first cost everything is written anew.
		for (const seq of [3, 4]) scheduler.enqueue(task(seq, 'standard', 0, 1), 67 * HOUR_MS);
		expect(started(scheduler, 67 * HOUR_MS)).toEqual([3, 4]);
		scheduler.release(3, 2 * HOUR_MS, 69 * HOUR_MS);
		scheduler.enqueue(task(5, 'standard', 0, 1), 69 * HOUR_MS);
		scheduler.enqueue(task(6, 'standard', 0, 2), 69 * HOUR_MS);
		expect(started(scheduler, 69 * HOUR_MS), 'who has used less goes first').toEqual([6]);
	});
});

describe('a rate of starts', () => {
	it('counts anew when it is another', () => {
		const scheduler = farm([{ name: 'n', concurrency: 3, cards: 0 }]);
		const rated = (perMinute: number, burst: number) =>
			scheduler.setClasses([{ ...plainClass('standard'), starts: { perMinute, burst } }]);
		rated(0.01, 1);
		for (let seq = 1; seq <= 3; seq += 1) scheduler.enqueue(task(seq, 'standard'), 0);
		expect(started(scheduler, 0)).toEqual([1]);
		rated(0.01, 1);
		expect(started(scheduler, 1_000), 'the same rate is no other').toEqual([]);
		rated(6_000, 10);
		expect(started(scheduler, 1_000)).toEqual([2, 3]);
	});
});
