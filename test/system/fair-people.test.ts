import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';

const SLOTS = 2;

let coordinator: RunningCoordinator;
let agent: RunningAgent;

beforeAll(async () => {
	coordinator = await startCoordinator();
	agent = await startAgent(coordinator, { concurrency: SLOTS });
});
afterAll(async () => {
	await agent[Symbol.asyncDispose]();
	await coordinator[Symbol.asyncDispose]();
});

test('one person’s flood lets another’s first task wait for no more than the slots to be free once', async () => {
	const [flood, other] = [await coordinator.newUser('flood'), await coordinator.newUser('other')];
	const tasks = Array.from({ length: 1_000 }, () => ({ type: 'noop', parameters: { sleepMs: 20 } }));
	await flood.post('/tasks:batch', { tasks });
	const finished = async () => (await flood.get<{ items: TaskDetail[] }>('/tasks?state=succeeded&limit=1000')).items;
	await waitFor('the flood to be under way', async () => (await finished()).length > 20);

	const { id } = await other.post<{ id: string }>('/tasks', { type: 'noop' });
	const mine = await waitFor('the other’s task', async () => {
		const task = await other.get<TaskDetail>(`/tasks/${id}`);
		return task.state === 'succeeded' && task;
	});
	const between = (await finished()).filter(
		({ startedAt }) => startedAt! > mine.queuedAt! && startedAt! < mine.startedAt!,
	);
	expect(between.length).toBeLessThanOrEqual(SLOTS);
	// The flood must still stand in line. What is read may have started since it was listed: then the next one is asked.
	const waiting = await waitFor('a task of the flood that waits', async () => {
		const { items } = await flood.get<{ items: TaskDetail[] }>('/tasks?state=queued&limit=1');
		const task = await flood.get<TaskDetail>(`/tasks/${items[0]!.id}`);
		return task.state === 'queued' && task;
	});
	expect(waiting.waitingBecause).toMatch(/of the same owner/);
});
