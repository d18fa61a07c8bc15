import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LiveClient } from '../../shared/client/live-client.ts';
import type { History } from '../../shared/protocol/history.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { waitFor } from '../support/wait-for.ts';
import { BenchSystem } from './bench-system.ts';
import type { Benchmark, Figure } from './figure.ts';
import { PlayedFleet } from './played-fleet.ts';

const NODES = 200;
const SECOND_MS = 1_000;
const MIB = 1024 * 1024;

/** What it costs to watch: two hundred agents that tell each second how they are doing, and an administrator who looks on. */
export const watch: Benchmark = {
	name: 'watch',
	title: `${NODES} agents measured each second, one screen that watches all of them`,
	async run({ scale }) {
		const random = new SeededRandom(1);
		await using system = await BenchSystem.start();
		const { coordinator, api } = system;
		using fleet = await PlayedFleet.start(coordinator, NODES, random);
		const seconds = Math.max(20, Math.ceil(60 * scale));
		const idle = await cpuShare(system, Math.min(20, seconds));
		fleet.tellMetrics();
		let told = 0;
		using _ = new LiveClient({
			...{ baseUrl: coordinator.url, auth: { kind: 'token', token: api.token ?? '' }, topics: ['node-metrics'] },
			onPatch: (patch) => {
				if (patch.kind === 'node-metrics') told += patch.nodes.length;
			},
			onResync: () => {},
		});
		await waitFor('a screen that is told of all', () => told >= NODES * 3);
		const toldBefore = told;
		const watched = await cpuShare(system, seconds);
		if (fleet.cut > 0) throw new Error(`${fleet.cut} agents were cut off`);
		const figures: Figure[] = [
			{ what: `the coordinator, ${NODES} agents at 1 Hz`, unit: '% of a core', value: watched, bar: { most: 10 } },
			{ what: 'the same agents with heartbeats only', unit: '% of a core', value: idle },
			{ what: 'measures told to the screen', unit: '/s', value: (told - toldBefore) / seconds },
		];
		const { node } = fleet.agents[NODES - 1]!;
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
