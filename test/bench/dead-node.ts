import { LiveClient } from '../../shared/client/live-client.ts';
import type { NodeView } from '../../shared/protocol/node.ts';
import { RaceTimer } from '../support/race-timer.ts';
import { waitFor } from '../support/wait-for.ts';
import { BenchSystem } from './bench-system.ts';
import type { Benchmark, Figure } from './figure.ts';

const BAR_S = 15;
const WITHIN_MS = 120_000;

/** SIGKILL: its machine says that it is gone · SIGSTOP: its machine says nothing, as when it hangs or the network is cut */
const DEATHS = [
	{ signal: 'SIGKILL', what: 'killed' },
	{ signal: 'SIGSTOP', what: 'stopped without a word' },
] as const;

/** Hears of nodes as the console does; resolves when a node is told to be in a state. */
class NodeWatch implements Disposable {
	readonly #client: LiveClient;
	readonly #states = new Map<string, string>();
	readonly #watchers = new Set<() => void>();

	constructor({ coordinator, api }: BenchSystem) {
		this.#client = new LiveClient({
			...{ baseUrl: coordinator.url, auth: { kind: 'token', token: api.token ?? '' }, topics: ['nodes'] },
			onPatch: (patch) => {
				if (patch.kind !== 'node') return;
				this.#states.set(patch.id, patch.state);
				for (const watcher of this.#watchers) watcher();
			},
			onResync: () => {},
		});
	}

	get isLive(): boolean {
		return this.#client.state === 'live';
	}

	async until(node: string, state: string): Promise<void> {
		using timer = new RaceTimer(WITHIN_MS, () => `the node to be told ${state}; it is ${this.#states.get(node)}`);
		while (this.#states.get(node) !== state) {
			await Promise.race([new Promise<void>((resolve) => this.#watchers.add(resolve)), timer.over]);
		}
	}

	[Symbol.dispose](): void {
		this.#client[Symbol.dispose]();
	}
}

/** From the death of an agent until it shows. */
export const deadNode: Benchmark = {
	name: 'dead-node',
	title: 'a node that dies, until it shows',
	async run(): Promise<Figure[]> {
		await using system = await BenchSystem.start();
		const { api } = system;
		using watch = new NodeWatch(system);
		await waitFor('the live link', () => watch.isLive);
		const figures: Figure[] = [];
		for (const { signal, what } of DEATHS) {
			const agent = await system.addAgent({ name: signal.toLowerCase(), concurrency: 2, queues: ['normal'] });
			const stateOf = async () => {
				const { items } = await api.get<{ items: NodeView[] }>('/admin/nodes');
				return items.find(({ name }) => name === agent.name)!;
			};
			const { id } = await stateOf();
			const startedAt = performance.now();
			agent.signal(signal);
			await watch.until(id, 'offline');
			const told = (performance.now() - startedAt) / 1_000;
			const { state } = await stateOf();
			const read = (performance.now() - startedAt) / 1_000;
			await agent.kill();
			if (state !== 'offline') throw new Error(`the node was told offline and is listed as ${state}`);
			figures.push({ what: `${what}: told to who watches`, unit: 's', value: told, bar: { most: BAR_S } });
			figures.push({ what: `${what}: listed as offline`, unit: 's', value: read, bar: { most: BAR_S } });
		}
		return figures;
	},
};
