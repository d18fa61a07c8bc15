import { expect, test } from 'vitest';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import { rounds } from '../support/chaos-length.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { childrenOf } from '../support/processes.ts';
import { startAgent } from '../support/start-agent.ts';
import { startCoordinator } from '../support/start-coordinator.ts';

const AGENTS = rounds(2, 8);
const EACH = rounds(3, 5);
const SLEEP_MS = rounds(4_000, 30_000);
const KILLS = rounds(2, 4);

test(`P10: work that runs while the coordinator dies ${KILLS} times is taken in again, and nothing runs twice`, async () => {
	await using coordinator = await startCoordinator();
	const anna = await coordinator.newUser('anna');
	const agents = await Promise.all(
		Array.from({ length: AGENTS }, () => startAgent(coordinator, { concurrency: EACH })),
	);
	await using _ = {
		async [Symbol.asyncDispose]() {
			for (const agent of agents) await agent[Symbol.asyncDispose]();
		},
	};
	using feed = await LiveFeed.open(anna);
	const { ids } = await anna.post<{ ids: string[] }>('/tasks:batch', {
		tasks: Array.from({ length: AGENTS * EACH }, (_, i) => ({
			type: 'noop',
			parameters: { sleepMs: SLEEP_MS, echo: i },
		})),
	});
	// Some that end while nobody is there to hear it.
	const { ids: brief } = await anna.post<{ ids: string[] }>('/tasks:batch', {
		tasks: Array.from({ length: AGENTS }, () => ({
			type: 'noop',
			routingKey: 'priority.noop',
			parameters: { sleepMs: 400 },
		})),
	});
	const wide = await startAgent(coordinator, { concurrency: AGENTS, queues: ['priority'] });
	agents.push(wide);
	for (const id of [...ids, ...brief]) await feed.task(id, ['running', 'succeeded']);
	const children = agents.map(({ pid }) => childrenOf(pid));
	for (let kill = 0; kill < KILLS; kill++) {
		const back = agents.map((agent) => agent.process.nextLine(/taken this agent in/));
		await coordinator.kill();
		await coordinator.restart();
		await Promise.all(back);
	}
	await feed.tasks([...ids, ...brief], SLEEP_MS + 60_000);
	for (const [i, id] of [...ids, ...brief].entries()) {
		const task = await anna.get<TaskDetail>(`/tasks/${id}`);
		expect(task.attempts.map(({ state }) => state)).toEqual(['succeeded']);
		if (i < ids.length) expect(task.result).toEqual({ echo: i });
	}
	expect(
		agents.map(({ pid }) => childrenOf(pid)),
		'the children went on',
	).toEqual(children.map((before) => expect.arrayContaining(before)));
	await Promise.all(agents.map((agent) => agent.stop()));
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data });
});
