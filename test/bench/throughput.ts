import { BenchSystem } from './bench-system.ts';
import type { Benchmark, Figure } from './figure.ts';
import { inLanes, send, submitNoops } from './submit-noops.ts';

/** No-op tasks in batches, from the first POST to the last one settled on disk. */
export const throughput: Benchmark = {
	name: 'throughput',
	title: '100,000 no-op tasks, batches of 1,000, one agent of concurrency 8',
	async run({ scale }): Promise<Figure[]> {
		const count = Math.round(100_000 * scale);
		await using system = await BenchSystem.start();
		await system.addAgent({ concurrency: 8, queues: ['normal'] });
		const pool = system.pool(2);
		await submitNoops(pool, system.authorization, 2_000);
		await system.untilFinished(2_000);
		const before = system.cpu();
		const startedAt = performance.now();
		await submitNoops(pool, system.authorization, count);
		const submittedAt = performance.now();
		await system.untilFinished(2_000 + count);
		const finishedAt = performance.now();
		const after = system.cpu();
		await pool.close();
		return [
			{
				what: 'no-op tasks end to end',
				unit: '/s',
				value: count / ((finishedAt - startedAt) / 1000),
				bar: { least: 15_000 },
			},
			{ what: 'submits in batches meanwhile', unit: '/s', value: count / ((submittedAt - startedAt) / 1000) },
			...(['coordinator', 'agents'] as const).map((who) => ({
				what: `CPU of the ${who} a task`,
				unit: 'µs',
				value: ((after[who] - before[who]) / count) * 1e6,
			})),
			{ what: 'coordinator’s memory at its highest', unit: 'MB', value: system.memory('highest') / 1e6 },
		];
	},
};

/** One task a request over 32 connections; each answer comes after its commit. */
export const submits: Benchmark = {
	name: 'submits',
	title: 'Single submits over 32 connections',
	async run({ scale }): Promise<Figure[]> {
		const count = Math.round(30_000 * scale);
		await using system = await BenchSystem.start();
		const pool = system.pool(32);
		const body = JSON.stringify({ type: 'noop' });
		const submit = () => send(pool, system.authorization, '/api/v1/tasks', body);
		await inLanes(Math.min(2_000, count), 32, submit);
		const startedAt = performance.now();
		await inLanes(count, 32, submit);
		const seconds = (performance.now() - startedAt) / 1000;
		await pool.close();
		return [{ what: 'single submits', unit: '/s', value: count / seconds, bar: { least: 6_000 } }];
	},
};
