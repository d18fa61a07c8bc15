import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LiveClient } from '../../shared/client/live-client.ts';
import type { History } from '../../shared/protocol/history.ts';
import type { NodeMetrics } from '../../shared/protocol/node.ts';
import { PlayedAgent } from '../support/played-agent.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { waitFor } from '../support/wait-for.ts';
import { BenchSystem } from './bench-system.ts';
import type { Benchmark, Figure } from './figure.ts';

const NODES = 200;
const SECOND_MS = 1_000;
const HEARTBEAT_MS = 10_000;
const MIB = 1024 * 1024;

/** As an agent with a GPU says it: the largest that this message gets. */
const metricsOf = (random: SeededRandom): NodeMetrics => ({
	cpuLoad: random.between(0, 10_000) / 10_000,
	load1: random.between(0, 800) / 100,
	memoryUsedBytes: random.between(1e9, 8e9),
	diskUsedBytes: random.between(1e10, 1e11),
	diskTotalBytes: 2e11,
	diskReadBytesPerSecond: random.between(0, 1e8),
	diskWriteBytesPerSecond: random.between(0, 1e8),
	networkInBytesPerSecond: random.between(0, 1e8),
	networkOutBytesPerSecond: random.between(0, 1e8),
	gpuLoad: random.between(0, 100) / 100,
	gpuMemoryUsedBytes: random.between(0, 1.6e10),
	gpuMemoryTotalBytes: 1.6e10,
	eventLoopLagMs: random.between(0, 20),
	cacheBytes: random.between(0, 1e10),
});

/** Does it again and again until disposed, beginning at a time of its own. */
const every = (ms: number, random: SeededRandom, act: () => void): Disposable => {
	const timers = [setTimeout(() => timers.push(setInterval(act, ms)), random.between(0, ms))];
	return {
		[Symbol.dispose]() {
			for (const timer of timers) clearTimeout(timer);
		},
	};
};

/** Ends all that it was given; Node.js 20 has no DisposableStack. */
class All implements Disposable {
	readonly #all: Disposable[] = [];

	use<T extends Disposable>(one: T): T {
		this.#all.push(one);
		return one;
	}

	[Symbol.dispose](): void {
		for (const one of this.#all) one[Symbol.dispose]();
	}
}

/** What it costs to watch: two hundred agents that tell each second how they are doing, and an administrator who looks on. */
export const watch: Benchmark = {
	name: 'watch',
	title: `${NODES} agents measured each second, one screen that watches all of them`,
	async run({ scale }) {
		const random = new SeededRandom(1);
		await using system = await BenchSystem.start();
		const { coordinator, api } = system;
		using all = new All();
		const agents: PlayedAgent[] = [];
		for (let i = 0; i < NODES; i += 1) {
			const agent = all.use(await PlayedAgent.start(coordinator));
			agents.push(agent);
			const beat = () => ({ seq: 1, running: [], metrics: metricsOf(random) });
			all.use(every(HEARTBEAT_MS, random, () => agent.emit('agent:heartbeat', beat(), () => {})));
		}
		const seconds = Math.max(20, Math.ceil(60 * scale));
		const idle = await cpuShare(system, Math.min(20, seconds));
		for (const agent of agents) {
			all.use(every(SECOND_MS, random, () => agent.emit('agent:metrics', metricsOf(random))));
		}
		let told = 0;
		all.use(
			new LiveClient({
				...{ baseUrl: coordinator.url, auth: { kind: 'token', token: api.token ?? '' }, topics: ['node-metrics'] },
				onPatch: (patch) => {
					if (patch.kind === 'node-metrics') told += patch.nodes.length;
				},
				onResync: () => {},
			}),
		);
		await waitFor('a screen that is told of all', () => told >= NODES * 3);
		const toldBefore = told;
		const watched = await cpuShare(system, seconds);
		const cut = agents.filter(({ isConnected }) => !isConnected).length;
		if (cut > 0) throw new Error(`${cut} agents were cut off`);
		const figures: Figure[] = [
			{ what: `the coordinator, ${NODES} agents at 1 Hz`, unit: '% of a core', value: watched, bar: { most: 10 } },
			{ what: 'the same agents with heartbeats only', unit: '% of a core', value: idle },
			{ what: 'measures told to the screen', unit: '/s', value: (told - toldBefore) / seconds },
		];
		const { node } = agents[NODES - 1]!;
		await waitFor('the history of the last node', async () => {
			const { times } = await api.get<History>(`/admin/nodes/${node}/history`);
			return times.length >= seconds * 0.8;
		});
		const startedAt = performance.now();
		await api.get<History>(`/admin/nodes/${node}/history`);
		figures.push(
			{ what: 'reading a node’s history', unit: 'ms', value: performance.now() - startedAt },
			{ what: 'memory', unit: 'MiB', value: system.memory() / MIB },
			{ what: 'history.db and its log', unit: 'MiB', value: sizeOf(coordinator.data) / MIB },
		);
		return figures;
	},
};

const sizeOf = (data: string): number =>
	['history.db', 'history.db-wal'].reduce((sum, name) => sum + statSync(join(data, name)).size, 0);

const cpuShare = async (system: BenchSystem, seconds: number): Promise<number> => {
	const [before, startedAt] = [system.cpu().coordinator, performance.now()];
	await pause(seconds * SECOND_MS);
	return ((system.cpu().coordinator - before) / ((performance.now() - startedAt) / SECOND_MS)) * 100;
};
