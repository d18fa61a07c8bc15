import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { JournalStage } from '../../test/support/journal-stage.ts';
import type { NodeOffer } from '../scheduler/node-slots.ts';
import type { ReadyTask } from '../scheduler/ready-task.ts';
import type { JournaledScheduler } from './journaled-scheduler.ts';
import { tellStory } from './tell-story.ts';
import { readTrace } from './trace.ts';

const START = 1_700_000_000_000;
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: START }));
afterEach(() => void vi.useRealTimers());

const QUEUES = [{ name: 'normal', bindingKeys: ['normal.#'], paused: false }];
const task = (seq: number, more: Partial<ReadyTask> = {}): ReadyTask => ({
	seq,
	owner: 1,
	serviceClass: 'standard',
	routingKey: 'normal.a',
	priority: 4,
	order: seq,
	boosted: false,
	needs: { cores: 1, memoryBytes: 0, hardware: {}, labels: {}, sandbox: 'none' },
	type: 'noop',
	avoidNode: null,
	...more,
});
const node = (id: string, concurrency = 1): NodeOffer => ({
	id,
	name: id,
	queues: ['normal'],
	concurrency,
	capabilities: { cores: 4, memoryBytes: 1e9, hardware: {}, sandbox: 'none', taskTypes: ['noop'], labels: {} },
	accepting: true,
});
const inputsOf = ({ seq }: ReadyTask) => [`input of ${seq} is a long name`];

/** A run of the coordinator: its clock begins at 0, whatever the wall says. */
const run = async (
	stage: JournalStage,
	act: (scheduler: JournaledScheduler, at: (seconds: number) => number) => void,
): Promise<void> => {
	await using journal = await stage.open();
	const began = Date.now();
	const at = (seconds: number): number => {
		vi.setSystemTime(START + seconds * 1_000);
		return START + seconds * 1_000 - began;
	};
	act(journal.scheduler<ReadyTask>({ inputsOf, clock: () => Date.now() - began }), at);
};

/** Node a runs task 1 when the first coordinator is killed at 20 s; at 30 s the next one starts. */
const twoRuns = async (stage: JournalStage): Promise<void> => {
	await run(stage, (scheduler, at) => {
		scheduler.setQueues(QUEUES, at(0));
		scheduler.setNode(node('a'));
		scheduler.enqueue(task(1), at(1));
		scheduler.pick(10, at(1));
		scheduler.enqueue(task(2, { owner: 2 }), at(5));
		scheduler.enqueue(task(3), at(6));
		scheduler.enqueue(task(4, { priority: 9 }), at(7));
		scheduler.pick(10, at(8));
		scheduler.remove(3);
		scheduler.pick(10, at(20));
	});
	vi.setSystemTime(START + 30_000);
	await run(stage, (scheduler, at) => {
		scheduler.setQueues(QUEUES, at(30));
		scheduler.restoreLease(task(1), 'a', at(30));
		for (const seq of [2, 4, 5]) scheduler.enqueue(task(seq, seq === 2 ? { owner: 2 } : {}), at(30));
		scheduler.pick(10, at(31));
		scheduler.setNode(node('b'));
		scheduler.release(1, 39_000, at(40));
		scheduler.pick(10, at(41));
		scheduler.release(2, null, at(45));
		scheduler.pick(10, at(46));
	});
};
const seconds = (list: readonly { at: number; seq?: number; task?: ReadyTask }[]) =>
	list.map(({ at, seq, task: one }) => [(at - START) / 1_000, seq ?? one?.seq]);

test('a trace tells what was there at its beginning, and what came, started and ended after it', async () => {
	await using stage = new JournalStage();
	await twoRuns(stage);
	const trace = await readTrace(stage.ledger, { from: START + 4_000, to: START + 100_000 });
	expect(trace.initial).toMatchObject({ queues: QUEUES, nodes: [{ id: 'a' }], line: [] });
	expect(trace.initial.running).toEqual([{ task: task(1), node: 'a', inputs: ['input of 1 is a '] }]);
	// What the second coordinator put in line again has not arrived again; task 5 came in the time that was lost.
	expect(seconds(trace.arrivals)).toEqual([
		[5, 2],
		[6, 3],
		[7, 4],
		[31, 5],
	]);
	expect(seconds(trace.removals)).toEqual([[8, 3]]);
	expect(seconds(trace.starts)).toEqual([
		[41, 2],
		[46, 4],
	]);
	expect(trace.ends.map(({ seq, cost }) => [seq, cost])).toEqual([
		[1, 39_000],
		[2, null],
	]);
	expect(trace.changes.filter(({ what }) => what === 'node-gone')).toMatchObject([{ id: 'a', at: START + 31_000 }]);
	expect(trace).toMatchObject({ restarts: [START + 30_000], gaps: [], isCut: false });
});

test('a trace begins with what was known of costs: what the core was told and what has ended since, the newest', async () => {
	await using stage = new JournalStage();
	await run(stage, (scheduler, at) => {
		scheduler.setQueues(QUEUES, at(0));
		scheduler.learnCosts([
			{ type: 'scan', cost: 5 },
			...Array.from({ length: 100 }, (_, i) => ({ type: 'noop', cost: i })),
		]);
		scheduler.setNode(node('a', 4));
		for (const seq of [1, 2, 3]) scheduler.enqueue(task(seq), at(1));
		scheduler.pick(10, at(1));
		scheduler.release(1, 777, at(2));
		scheduler.release(2, null, at(3));
		scheduler.release(3, 888, at(20));
	});
	const { initial } = await readTrace(stage.ledger, { from: START + 10_000, to: START + 100_000 });
	const ofType = (type: string) => initial.costs.filter((one) => one.type === type).map(({ cost }) => cost);
	expect(ofType('scan')).toEqual([5]);
	expect(ofType('noop')).toEqual([...Array.from({ length: 99 }, (_, i) => i + 1), 777]);
});

test('what is altered in line has neither left nor come', async () => {
	await using stage = new JournalStage();
	await run(stage, (scheduler, at) => {
		scheduler.setQueues(QUEUES, at(0));
		scheduler.pick(1, at(0));
		for (const seq of [1, 2, 3]) scheduler.enqueue(task(seq), at(1));
		// Nothing has ticked the clock for nine seconds when the first is moved.
		const moved = at(10);
		for (const seq of [1, 2]) {
			scheduler.remove(seq);
			scheduler.enqueue(task(seq, { serviceClass: 'high' }), moved);
		}
		// The third is held, and comes again much later.
		at(20);
		scheduler.remove(3);
		scheduler.enqueue(task(3), at(30));
	});
	const trace = await readTrace(stage.ledger, { from: START, to: START + 100_000 });
	expect(seconds(trace.alterations)).toEqual([
		[10, 1],
		[10, 2],
	]);
	expect(trace.alterations.map(({ task: one }) => one.serviceClass)).toEqual(['high', 'high']);
	expect(seconds(trace.removals)).toEqual([[20, 3]]);
	expect(seconds(trace.arrivals)).toEqual([
		[1, 1],
		[1, 2],
		[1, 3],
		[30, 3],
	]);
});

test('a trace that would be too long ends early and says where', async () => {
	await using stage = new JournalStage();
	await twoRuns(stage);
	const trace = await readTrace(stage.ledger, { from: START, to: START + 100_000, most: 4 });
	expect(trace.isCut).toBe(true);
	expect(trace.to).toBeLessThan(START + 20_000);
	const nothing = await readTrace(stage.ledger, { from: START + 200_000, to: START + 300_000 });
	expect(nothing).toMatchObject({ arrivals: [], starts: [], initial: { line: [], running: [] } });
});

test('a story tells who went first, over a restart', async () => {
	await using stage = new JournalStage();
	await twoRuns(stage);
	const wish = { from: START, to: Date.now(), deadline: Number.MAX_SAFE_INTEGER };
	const { stays } = await tellStory(stage.ledger, { ...wish, seq: 5 });
	expect(stays).toMatchObject([
		{
			came: 'coordinator-started',
			left: 'waits',
			isExact: true,
			starts: 2,
			wentFirst: expect.arrayContaining([
				expect.objectContaining({ owner: 2, rule: 'person-used-less', starts: 1 }),
				expect.objectContaining({ owner: 1, rule: 'own-earlier', starts: 1 }),
			]),
			start: null,
		},
	]);
	expect(stays[0]!.waits.map(({ rule }) => rule)).toEqual(['no-node-serves-queue', 'slots-busy']);
	const first = await tellStory(stage.ledger, { ...wish, seq: 1 });
	expect(first.stays).toMatchObject([
		{ left: 'started', start: { node: 'a', sentence: expect.stringMatching(/^It is next/) } },
	]);
	const third = await tellStory(stage.ledger, { ...wish, seq: 3 });
	expect(third.stays).toMatchObject([{ left: 'taken-out', ahead: { own: 0, people: 1 } }]);
});

test('a story that would take too long is told without making decisions again, and says so', async () => {
	await using stage = new JournalStage();
	await twoRuns(stage);
	const wish = { seq: 5, from: START, to: Date.now(), deadline: Number.MAX_SAFE_INTEGER };
	const { stays } = await tellStory(stage.ledger, wish, { replayed: 3 });
	expect(stays).toMatchObject([
		{ isExact: false, whyNot: expect.stringMatching(/at most 3/), ahead: null, starts: 2, waits: [] },
	]);
	const rules = stays[0]!.wentFirst.map(({ rule }) => rule).sort();
	expect(rules).toEqual(['own-earlier', 'person-used-less']);
	const late = await tellStory(stage.ledger, { ...wish, deadline: 0 });
	expect(late).toMatchObject({ isCut: true });
});
