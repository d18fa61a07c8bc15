import { afterEach, expect, test } from 'vitest';
import { measuresOf } from '../../shared/protocol/history.ts';
import type { OpenTask } from '../queue/open-task.ts';
import type { Batch } from './history-store.ts';
import { Monitor } from './monitor.ts';
import { SelfMeter } from './self-meter.ts';
import { TaskFlows } from './task-flows.ts';

const NOW = 1_900_000_000_000;
const monitors: Monitor[] = [];
afterEach(async () => {
	for (const monitor of monitors.splice(0)) await monitor[Symbol.asyncDispose]();
});

const task = (facts: Partial<OpenTask>) =>
	({ routingKey: 'normal.x', serviceClass: 'standard', attempt: 0, order: NOW, ...facts }) as OpenTask;

/** A monitor over a small world that the test changes; `take` says what it has had written. */
const stage = () => {
	const world = {
		nodes: [] as { id: string; running: number; metrics: object; at: number }[],
		queues: ['normal'],
		running: [] as OpenTask[],
		standing: { queues: new Map(), classes: new Map() },
		now: NOW,
		free: 5,
		lost: 0,
	};
	const flows = new TaskFlows(
		(key) => (key.startsWith('normal') ? 'normal' : null),
		() => world.now,
	);
	const written: Batch[] = [];
	const self = new SelfMeter({ walFile: '/nowhere/at/all', space: async () => ({ free: world.free, watermark: 4 }) });
	const monitor = new Monitor({
		flows,
		self,
		// Only the test looks.
		everyMs: 2 ** 30,
		history: {
			record: async (batch) => void written.push(batch),
			lose: async ({ rows }) => {
				world.lost += rows.length / 2;
			},
		},
		sources: {
			nodes: () => world.nodes,
			queueNames: () => world.queues,
			classNames: () => ['standard'],
			standing: () => world.standing,
			depth: () => 3,
			running: () => world.running,
			route: (key) => (key.startsWith('normal') ? 'normal' : null),
			ledgerWaiting: () => 2,
		},
	});
	monitors.push(monitor);
	const take = async () => {
		await monitor.flush();
		const found: Record<string, Record<string, number>> = {};
		for (const { series, rows, values, width } of written.splice(0)) {
			for (let row = 0; row * 2 < rows.length; row += 1) {
				const [kind, name] = series[rows[row * 2]!]!;
				const there = measuresOf(kind).map((measure, i) => [measure, values[row * width + i]!] as const);
				found[`${kind} ${name} ${rows[row * 2 + 1]}`] = Object.fromEntries(
					there.filter(([, value]) => !Number.isNaN(value)),
				);
			}
		}
		return found;
	};
	return { world, flows, self, monitor, take };
};

test('each second nodes are written as they said, while they say it', async () => {
	const { world, monitor, take } = stage();
	world.nodes = [
		{ id: 'nod_a', running: 2, metrics: { cpuLoad: 0.5, gpuLoad: undefined }, at: NOW - 500 },
		{ id: 'nod_gone', running: 1, metrics: { cpuLoad: 0.5 }, at: NOW - 60_000 },
	];
	monitor.look(NOW);
	monitor.look(NOW + 1_000);
	const found = await take();
	expect(found['node nod_a 1900000000']).toEqual({ running: 2, cpuLoad: 0.5 });
	expect(found['node nod_a 1900000001']).toEqual({ running: 2, cpuLoad: 0.5 });
	expect(Object.keys(found).filter((name) => name.includes('gone'))).toEqual([]);
});

test('queues and classes are written with what came, started, ended and failed, each event once', async () => {
	const { world, flows, monitor, take } = stage();
	flows.cameIn(task({}));
	flows.begin();
	for (let i = 0; i < 3; i += 1) flows.cameIn(task({}));
	flows.cameIn(task({ routingKey: 'nowhere' }));
	world.now = NOW + 400;
	flows.started(task({}));
	world.now = NOW + 800;
	flows.started(task({}));
	// One that has run before does not tell how long people wait.
	flows.started(task({ attempt: 1, order: NOW - 3_600_000 }));
	flows.ended({ task: task({}) }, { state: 'succeeded' });
	flows.ended({ task: task({}) }, { state: 'lost', reason: 'x' });
	flows.ended({ task: task({}) }, { state: 'failed', failure: { class: 'input', code: 'x', message: 'x' } });
	flows.ended({ task: task({}) }, null);
	world.running = [task({})];
	world.standing.queues.set('normal', { depth: 4, oldest: NOW - 9_000 });
	expect(flows.queues.get('normal')?.totals).toMatchObject({ in: 3, started: 3, out: 3 });
	expect(flows.all.totals).toMatchObject({ in: 4, failed: { lost: 1, input: 1, crash: 0 } });
	monitor.look(NOW);
	monitor.look(NOW + 1_000);
	const found = await take();
	const first = found['queue normal 1900000000']!;
	expect(first).toMatchObject({ depth: 4, oldestMs: 9_000, running: 1 });
	expect(first.waitP50Ms).toBeCloseTo(400, -1);
	expect(first.waitP95Ms).toBeCloseTo(800, -1);
	for (const measure of ['inPerSecond', 'startedPerSecond', 'outPerSecond', 'failedLostPerSecond']) {
		expect(first[measure], measure).toBeGreaterThan(0);
	}
	expect(first.inPerSecond! / first.failedInputPerSecond!).toBeCloseTo(3, 3);
	// What was told once is not told again, and a second without a start has no wait.
	expect(found['queue normal 1900000001']).toMatchObject({ inPerSecond: 0, outPerSecond: 0, failedLostPerSecond: 0 });
	expect(found['queue normal 1900000001']).not.toHaveProperty('waitP50Ms');
	expect(found['class standard 1900000000']!.inPerSecond).toBeGreaterThan(first.inPerSecond!);
	expect(found['coordinator  1900000000']).toMatchObject({ depth: 3, running: 1, ledgerWaiting: 2 });
	world.standing.classes.set('late', { depth: 2, oldest: NOW });
	expect([...monitor.byClass]).toEqual([
		['late', { queued: 2, running: 0 }],
		['standard', { queued: 0, running: 1 }],
	]);
});

test('what is gone is forgotten, so that names that come and go take no room', () => {
	const { world, flows, monitor } = stage();
	flows.started(task({ serviceClass: 'other' }));
	flows.started(task({}));
	expect([...flows.classes.keys()]).toEqual(['other', 'standard']);
	world.queues = [];
	monitor.look(NOW);
	expect([[...flows.queues.keys()], [...flows.classes.keys()]]).toEqual([[], ['standard']]);
	for (let i = 0; i < 1_100; i += 1) flows.started(task({ serviceClass: `c${i}` }));
	expect(flows.classes.size).toBe(1_000);
});

test('the coordinator tells how long commits take, what waits for the disk, and no log where there is none', async () => {
	const { self, monitor, take } = stage();
	for (const ms of [1, 2, 30]) self.committed(ms);
	await self.look();
	expect([self.walBytes, self.diskFreeBytes]).toEqual([0, 5]);
	monitor.look(NOW);
	monitor.look(NOW + 1_000);
	const found = await take();
	const seen = found['coordinator  1900000000']!;
	expect(seen.commitMostMs).toBe(30);
	expect(seen.commitP50Ms).toBeCloseTo(2, 1);
	expect(seen).toMatchObject({ walBytes: 0, diskFreeBytes: 5, memoryBytes: expect.any(Number) });
	expect(seen.commitsPerSecond).toBeGreaterThan(0);
	expect(found['coordinator  1900000001']).not.toHaveProperty('commitMostMs');
});

test('on a disk that is nearly full nothing is written, and what is lost is counted', async () => {
	const { world, self, monitor, take } = stage();
	world.free = 0.5;
	await self.look();
	monitor.look(NOW);
	expect(await take()).toEqual({});
	expect(world.lost).toBe(3);
	world.free = 1;
	await self.look();
	monitor.look(NOW + 1_000);
	expect(Object.keys(await take())).toHaveLength(3);
});
