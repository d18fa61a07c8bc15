import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../support/free-port.ts';
import { REPOSITORY } from '../../support/repository.ts';
import { runToEnd } from '../../support/run-to-end.ts';
import { TempFolder } from '../../support/temp-folder.ts';
import { TestProcess } from '../../support/test-process.ts';
import { BeginTimes } from '../begin-times.ts';
import { type Benchmark, type Figure, latencyFigures, NotMeasured } from '../figure.ts';

const REDIS = '/usr/bin/redis-server';
const WORKER = join(REPOSITORY, 'test', 'bench', 'peers', 'bullmq-worker.mjs');

interface Job {
	name: string;
	data: { number: number; sleepMs?: number };
	opts?: { priority?: number };
}
/** The little of BullMQ that is used here; the package is installed at run time only. */
interface Queue {
	add(name: string, data: Job['data'], options?: Job['opts']): Promise<unknown>;
	addBulk(jobs: Job[]): Promise<unknown>;
	close(): Promise<void>;
}

const now = (): number => performance.timeOrigin + performance.now();

const startRedis = async (folder: TempFolder, port: number): Promise<TestProcess> => {
	if (!existsSync(REDIS)) throw new NotMeasured('Redis is not installed: apt-get install redis-server');
	const options = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder.path];
	const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
	const redis = new TestProcess('redis', [REDIS, ...options, ...durable]);
	await redis.line(/Ready to accept connections/);
	return redis;
};

const submitAll = async (queue: Queue, jobs: readonly Job[]): Promise<void> => {
	for (let i = 0; i < jobs.length; i += 1_000) await queue.addBulk(jobs.slice(i, i + 1_000));
};

const oneByOne = async (queue: Queue, begins: BeginTimes, jobs: readonly Job[], gapMs: number): Promise<number[]> => {
	const sent: number[] = [];
	for (const { name, data, opts } of jobs) {
		sent.push(now());
		await queue.add(name, data, opts);
		await pause(gapMs);
	}
	return Promise.all(jobs.map(async (job, i) => (await begins.of(job.data.number)) - (sent[i] as number)));
};

const measure = async (queue: Queue, begins: BeginTimes, scale: number): Promise<Figure[]> => {
	const jobs = (first: number, count: number, more: (i: number) => Partial<Job & { sleepMs: number }> = () => ({})) =>
		Array.from({ length: count }, (_, i): Job => {
			const { sleepMs, ...rest } = more(i);
			return { name: 'noop', data: { number: first + i, ...(sleepMs ? { sleepMs } : {}) }, ...rest };
		});
	await submitAll(queue, jobs(0, 100));
	await begins.all(0, 100, 30_000);
	const idleMs = await oneByOne(queue, begins, jobs(1_000, Math.max(200, Math.ceil(400 * scale))), 15);

	const count = Math.round(100_000 * scale);
	const flood = jobs(100_000, count);
	const startedAt = now();
	await submitAll(queue, flood);
	const submittedAt = now();
	const finishedAt = await begins.all(100_000, count, 300_000);

	const behind = Math.round(20_000 * scale);
	await submitAll(
		queue,
		jobs(300_000, behind, () => ({ sleepMs: 5 + Math.random() * 10, opts: { priority: 10 } })),
	);
	const urgent = jobs(400_000, Math.ceil(200 * scale), () => ({ opts: { priority: 1 } }));
	const urgentMs = await oneByOne(queue, begins, urgent, 40);
	await begins.all(300_000, behind, 300_000);
	return [
		{ what: 'BullMQ: no-op end to end', unit: '/s', value: count / ((finishedAt - startedAt) / 1000) },
		{ what: 'BullMQ: submit alone, batches of 1,000', unit: '/s', value: count / ((submittedAt - startedAt) / 1000) },
		...latencyFigures('BullMQ: idle, submit to begun', idleMs),
		...latencyFigures('BullMQ: priority 1 behind priority 10', urgentMs),
	];
};

/** BullMQ on a Redis that syncs its log to disk on every write. */
export const bullmq: Benchmark = {
	name: 'bullmq',
	title: 'BullMQ + Redis (appendfsync always)',
	async run({ scale }) {
		await using folder = new TempFolder();
		const quiet = ['--no-audit', '--no-fund', '--ignore-scripts'];
		const install = ['npm', 'install', '--prefix', folder.path, ...quiet, 'bullmq', 'ioredis'];
		await runToEnd(install).catch((cause) => {
			throw new NotMeasured('the npm packages bullmq and ioredis could not be installed', { cause });
		});
		const port = await freePort();
		const redis = await startRedis(folder, port);
		let worker: TestProcess | null = null;
		try {
			await using begins = await BeginTimes.listen();
			const modules = folder.join('node_modules');
			const env = { BENCH_MODULES: modules, BENCH_REDIS: String(port), BENCH_PORT: String(begins.port) };
			worker = new TestProcess('bullmq worker', [process.execPath, WORKER], { env });
			await worker.line(/^worker ready/);
			const load = createRequire(join(modules, '/'));
			const bull = load('bullmq') as { Queue: new (name: string, options: object) => Queue };
			const { Redis } = load('ioredis') as { Redis: new (port: number, host: string) => { disconnect(): void } };
			const connection = new Redis(port, '127.0.0.1');
			const queue = new bull.Queue('bench', { connection });
			try {
				return await measure(queue, begins, scale);
			} finally {
				await queue.close();
				connection.disconnect();
				connection.disconnect();
			}
		} finally {
			await worker?.stop();
			await redis.stop();
		}
	},
};
