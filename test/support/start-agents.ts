import { type AgentOptions, type Joinable, type RunningAgent, startAgent } from './start-agent.ts';

/** Several agents that are started, killed and ended together. */
export class RunningAgents implements AsyncDisposable {
	readonly all: readonly RunningAgent[];

	private constructor(all: readonly RunningAgent[]) {
		this.all = all;
	}

	static async start(coordinator: Joinable, each: readonly AgentOptions[]): Promise<RunningAgents> {
		const started = await Promise.allSettled(each.map((options) => startAgent(coordinator, options)));
		const agents = new RunningAgents(started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
		const failed = started.find((one) => one.status === 'rejected');
		if (!failed) return agents;
		await agents[Symbol.asyncDispose]();
		throw failed.reason;
	}

	async stop(): Promise<void> {
		await Promise.all(this.all.map((agent) => agent.stop()));
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await Promise.all(this.all.map((agent) => agent[Symbol.asyncDispose]()));
	}
}

export const startAgents = RunningAgents.start;
