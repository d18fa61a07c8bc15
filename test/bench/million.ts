import { waitFor } from '../support/wait-for.ts';
import { BenchSystem } from './bench-system.ts';
import type { Benchmark, Figure } from './figure.ts';
import { submitNoops } from './submit-noops.ts';

/** Tasks a second when so many that lie queued are let loose on a connected agent. */
const drainRate = async (system: BenchSystem, count: number): Promise<number> => {
	const before = await system.finished();
	const startedAt = performance.now();
	await system.api.post('/admin/queues/normal:resume');
	await system.untilFinished(before + count, 900_000);
	return count / ((performance.now() - startedAt) / 1000);
};

const fill = async (system: BenchSystem, count: number): Promise<number> => {
	const pool = system.pool(2);
	const startedAt = performance.now();
	await submitNoops(pool, system.authorization, count, { batch: Math.min(10_000, count) });
	await pool.close();
	return count / ((performance.now() - startedAt) / 1000);
};

const isOnline = async (system: BenchSystem): Promise<boolean> => {
	const { items } = await system.api.get<{ items: { state: string }[] }>('/admin/nodes');
	return items.some(({ state }) => state === 'online');
};

/** A million tasks in the queue: memory, rate, and the way back from a kill -9. */
export const million: Benchmark = {
	name: 'million',
	title: '1,000,000 queued tasks',
	async run({ scale }): Promise<Figure[]> {
		const many = Math.round(1_000_000 * scale);
		const few = Math.round(20_000 * scale);
		await using system = await BenchSystem.start();
		await system.api.post('/admin/queues/normal:pause');
		await system.addAgent({ concurrency: 8, queues: ['normal'] });
		await fill(system, few);
		const fewRate = await drainRate(system, few);
		await system.api.post('/admin/queues/normal:pause');
		const submitRate = await fill(system, many);
		const memory = system.memory('highest');
		await system.coordinator.kill('SIGKILL');
		const readyMs = await system.coordinator.restart();
		const memoryAfter = system.memory('highest');
		await waitFor('the agent to be back', () => isOnline(system), { withinMs: 60_000 });
		const manyRate = await drainRate(system, many);
		return [
			{ what: 'rate with 20,000 queued', unit: '/s', value: fewRate },
			{ what: 'rate with 1,000,000 queued', unit: '/s', value: manyRate },
			{ what: 'the second over the first', unit: '', value: manyRate / fewRate, bar: { least: 0.85 } },
			{ what: 'submits until 1,000,000 are queued', unit: '/s', value: submitRate },
			{ what: 'coordinator’s memory with 1,000,000 queued', unit: 'MB', value: memory / 1e6, bar: { most: 700 } },
			{ what: 'the same after a kill and restart', unit: 'MB', value: memoryAfter / 1e6, bar: { most: 700 } },
			{ what: 'ready after kill -9', unit: 's', value: readyMs / 1000, bar: { most: 10 } },
			{ what: 'coordinator’s memory after draining', unit: 'MB', value: system.memory('highest') / 1e6 },
		];
	},
};
