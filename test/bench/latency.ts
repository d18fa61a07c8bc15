import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { REPOSITORY } from '../support/repository.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { BeginTimes } from './begin-times.ts';
import { BenchSystem } from './bench-system.ts';
import { type Benchmark, latencyFigures } from './figure.ts';
import { send, submitNoops } from './submit-noops.ts';

const HOOK = join(REPOSITORY, 'test', 'bench', 'begin-hook.mjs');

const now = (): number => performance.timeOrigin + performance.now();

/** An agent whose children tell when a task began. */
const addTellingAgent = (system: BenchSystem, begins: BeginTimes, queues: readonly string[]) =>
	system.addAgent({
		concurrency: 8,
		queues,
		env: { NODE_OPTIONS: `--import=${HOOK}`, BENCH_PORT: String(begins.port) },
	});

interface OneByOne {
	first: number;
	count: number;
	gapMs: number;
	routingKey: string;
}

/** Submits one by one with a pause between; milliseconds from each POST to the moment a child got the task. */
const oneByOne = async (system: BenchSystem, begins: BeginTimes, plan: OneByOne): Promise<number[]> => {
	const { first, count, gapMs, routingKey } = plan;
	const pool = system.pool(1);
	const sent: number[] = [];
	for (let number = first; number < first + count; number++) {
		const body = JSON.stringify({ type: 'noop', routingKey, parameters: { echo: number } });
		sent.push(now());
		await send(pool, system.authorization, '/api/v1/tasks', body);
		await pause(gapMs);
	}
	await pool.close();
	return Promise.all(sent.map(async (at, i) => (await begins.of(first + i)) - at));
};

/** Nothing else to do: how long from the POST until a child of the agent has the task. */
export const idleLatency: Benchmark = {
	name: 'idle',
	title: 'Idle latency',
	async run({ scale }) {
		await using begins = await BeginTimes.listen();
		await using system = await BenchSystem.start();
		await addTellingAgent(system, begins, ['normal']);
		await oneByOne(system, begins, { first: 0, count: 100, gapMs: 5, routingKey: 'normal.noop' });
		const count = Math.max(200, Math.ceil(500 * scale));
		const values = await oneByOne(system, begins, { first: 1_000, count, gapMs: 15, routingKey: 'normal.noop' });
		return latencyFigures('idle: POST to begun on the agent', values, { p50: 3, p99: 8 });
	},
};

/** A full house of short normal tasks: how long an urgent one waits. */
export const priorityLatency: Benchmark = {
	name: 'priority',
	title: 'A priority task behind 20,000 normal ones of 5 to 15 ms',
	async run({ scale }) {
		const random = new SeededRandom(1);
		await using begins = await BeginTimes.listen();
		await using system = await BenchSystem.start();
		await addTellingAgent(system, begins, ['normal', 'priority']);
		await oneByOne(system, begins, { first: 0, count: 100, gapMs: 5, routingKey: 'normal.noop' });
		const before = await system.finished();
		const pool = system.pool(2);
		const normal = Math.round(20_000 * scale);
		await submitNoops(pool, system.authorization, normal, { parameters: () => ({ sleepMs: random.between(5, 15) }) });
		await pool.close();
		const count = Math.ceil(250 * scale);
		const values = await oneByOne(system, begins, { first: 1_000, count, gapMs: 40, routingKey: 'priority.noop' });
		if ((await system.finished()) - before >= normal) throw new Error('the normal tasks were over too soon');
		return latencyFigures('priority.# behind 20,000 normal ones', values, { p99: 10 });
	},
};
