import { readFileSync } from 'node:fs';
import { Pool } from 'undici';
import type { Api } from '../support/api.ts';
import { type AgentOptions, type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type CoordinatorOptions, type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';
import { profilingArgs } from './profiling.ts';

/** A coordinator, and agents if wanted, started for one measurement. */
export class BenchSystem implements AsyncDisposable {
	readonly coordinator: RunningCoordinator;
	readonly agents: RunningAgent[] = [];

	private constructor(coordinator: RunningCoordinator) {
		this.coordinator = coordinator;
	}

	static async start(options: Pick<CoordinatorOptions, 'data'> = {}): Promise<BenchSystem> {
		return new BenchSystem(await startCoordinator({ nodeArgs: profilingArgs(), ...options }));
	}

	get api(): Api {
		return this.coordinator.api;
	}

	async addAgent(options: AgentOptions): Promise<RunningAgent> {
		const agent = await startAgent(this.coordinator, { nodeArgs: profilingArgs(), ...options });
		this.agents.push(agent);
		return agent;
	}

	/** Connections of our own to the coordinator, so that a measurement does not share them. */
	pool(connections: number): Pool {
		return new Pool(this.coordinator.url, { connections, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
	}

	get authorization(): string {
		return `Bearer ${this.api.token}`;
	}

	/** The sum over all labels of one metric. */
	async metric(name: string): Promise<number> {
		const { status, body } = await this.api.raw('GET', '/metrics');
		if (status !== 200) throw new Error(`GET /metrics: ${status}`);
		return metricIn(body.toString('utf8'), name);
	}

	/** Tasks finished since the coordinator started. */
	finished(): Promise<number> {
		return this.metric('millrace_tasks_finished_total');
	}

	/** CPU that the coordinator and the agents have used so far, children included; seconds. */
	cpu(): { coordinator: number; agents: number } {
		return {
			coordinator: cpuSeconds(this.coordinator.pid),
			agents: this.agents.reduce((sum, { pid }) => sum + cpuOfTree(pid), 0),
		};
	}

	/** Waits until so many tasks have finished since the coordinator started. */
	async untilFinished(count: number, withinMs = 600_000): Promise<void> {
		let last = 0;
		const enough = async () => {
			last = await this.finished();
			return last >= count;
		};
		await waitFor(`${count} finished tasks`, enough, { withinMs, lastSeen: () => last });
	}

	/** Resident memory of the coordinator in bytes, now or at its highest. */
	memory(which: 'now' | 'highest' = 'now'): number {
		const status = readFileSync(`/proc/${this.coordinator.pid}/status`, 'utf8');
		const match = new RegExp(`^${which === 'now' ? 'VmRSS' : 'VmHWM'}:\\s+(\\d+) kB`, 'm').exec(status);
		if (!match) throw new Error(`no memory in /proc/${this.coordinator.pid}/status`);
		return Number(match[1]) * 1024;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		for (const agent of this.agents) {
			await agent.stop(30_000);
			await agent[Symbol.asyncDispose]();
		}
		if (this.coordinator.process.isRunning) await this.coordinator.stop();
		await this.coordinator[Symbol.asyncDispose]();
	}
}

/** The sum over all labels of one metric in Prometheus' text format. */
export const metricIn = (text: string, name: string): number => {
	let sum = 0;
	let found = false;
	for (const line of text.split('\n')) {
		const match = /^([a-zA-Z_:][\w:]*)(?:\{.*\})? (\S+)/.exec(line);
		if (match?.[1] !== name) continue;
		sum += Number(match[2]);
		found = true;
	}
	if (!found) throw new Error(`there is no metric ${name}`);
	return sum;
};

const TICKS_A_SECOND = 100;

const statOf = (pid: number): string[] => {
	const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
	// The second field is the name in brackets and may hold anything.
	return text.slice(text.lastIndexOf(')') + 2).split(' ');
};

const cpuSeconds = (pid: number): number => {
	const fields = statOf(pid);
	return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
};

const cpuOfTree = (pid: number): number => {
	const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
	const below = children === '' ? [] : children.split(' ').map(Number);
	return cpuSeconds(pid) + below.reduce((sum, child) => sum + cpuOfTree(child), 0);
};
