import type { Hello } from '../../shared/protocol/agent-link.ts';
import type { NodeMetrics } from '../../shared/protocol/node.ts';
import { PlayedAgent } from '../support/played-agent.ts';
import type { SeededRandom } from '../support/seeded-random.ts';
import type { Joinable } from '../support/start-agent.ts';

const HEARTBEAT_MS = 10_000;
const SECOND_MS = 1_000;

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

const beatOf = ({ assignments }: PlayedAgent, random: SeededRandom) => ({
	seq: 1,
	running: assignments.map(({ task, attempt, token }) => ({ task, attempt, token })),
	metrics: metricsOf(random),
});

/** Agents that are played by hand over real links: they tell how they are, each at times of its own. */
export class PlayedFleet implements Disposable {
	readonly agents: readonly PlayedAgent[];
	readonly #random: SeededRandom;
	readonly #timers: ReturnType<typeof setTimeout>[] = [];

	private constructor(agents: readonly PlayedAgent[], random: SeededRandom) {
		this.agents = agents;
		this.#random = random;
	}

	/** They send heartbeats from the beginning; what they are sent they take, hold and never finish. */
	static async start(
		coordinator: Joinable,
		count: number,
		random: SeededRandom,
		hello: Partial<Hello> = {},
	): Promise<PlayedFleet> {
		const agents: PlayedAgent[] = [];
		for (let i = 0; i < count; i += 1) agents.push(await PlayedAgent.start(coordinator, hello));
		const fleet = new PlayedFleet(agents, random);
		for (const agent of agents)
			fleet.#every(HEARTBEAT_MS, () => agent.emit('agent:heartbeat', beatOf(agent, random), () => {}));
		return fleet;
	}

	/** From now on each tells each second how it is doing. */
	tellMetrics(): void {
		for (const agent of this.agents) {
			this.#every(SECOND_MS, () => agent.emit('agent:metrics', metricsOf(this.#random)));
		}
	}

	/** How many have lost their link. */
	get cut(): number {
		return this.agents.filter(({ isConnected }) => !isConnected).length;
	}

	[Symbol.dispose](): void {
		for (const timer of this.#timers) clearTimeout(timer);
		for (const agent of this.agents) agent[Symbol.dispose]();
	}

	/** Does it again and again, beginning at a time of its own. */
	#every(ms: number, act: () => void): void {
		this.#timers.push(setTimeout(() => this.#timers.push(setInterval(act, ms)), this.#random.between(0, ms)));
	}
}
