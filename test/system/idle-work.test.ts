import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import type { PlacementView } from '../../shared/protocol/waiting.ts';
import type { Api } from '../support/api.ts';
import { checkInvariants } from '../support/check-invariants.ts';
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
	await agent.stop();
	await agent[Symbol.asyncDispose]();
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data, settled: true });
	await coordinator[Symbol.asyncDispose]();
});

const read = (api: Api, id: string) => api.get<TaskDetail>(`/tasks/${id}`);
const until = (api: Api, id: string, state: TaskDetail['state']) =>
	waitFor(`${id} to be ${state}`, async () => {
		const task = await read(api, id);
		return task.state === state && task;
	});
const submit = async (api: Api, parameters: object, more: object = {}): Promise<string> =>
	(await api.post<{ id: string }>('/tasks', { type: 'noop', parameters, ...more })).id;

test('idle-only work gives its slots to other work, free of charge, and goes on when they are free again', async () => {
	const [idler, worker] = [await coordinator.newUser('idler'), await coordinator.newUser('worker')];
	const background = { serviceClass: 'background' };
	const asleep = await submit(idler, { sleepMs: 60_000 }, background);
	const busy = await submit(idler, { cpuMs: 60_000 }, background);
	for (const id of [asleep, busy]) await until(idler, id, 'running');

	const urgent = [await submit(worker, { sleepMs: 20 }), await submit(worker, { sleepMs: 20 })];
	for (const id of urgent) await until(worker, id, 'succeeded');
	const givenBack = await waitFor('an attempt to be given back', async () => {
		const tasks = await Promise.all([read(idler, asleep), read(idler, busy)]);
		const back = tasks.filter(({ attempts }) => attempts.some(({ state }) => state === 'returned'));
		return back.length > 0 && back;
	});
	for (const { attempts, usage, error } of givenBack) {
		expect(attempts[0]).toMatchObject({ state: 'returned', reason: expect.stringMatching(/gave its slot back/) });
		expect(usage).toMatchObject({ wallMs: 0, cpuMs: 0 });
		expect(error).toBeNull();
	}
	// It begins again by itself in the slots that nobody else uses.
	for (const id of [asleep, busy]) await until(idler, id, 'running');
	for (const id of [asleep, busy]) await idler.post(`/tasks/${id}:cancel`);
	for (const id of [asleep, busy]) await until(idler, id, 'cancelled');
});

test('what waits behind other work says so in facts, with every rule asked of every node', async () => {
	const ann = await coordinator.newUser('ann');
	const running = await Promise.all(Array.from({ length: SLOTS }, () => submit(ann, { sleepMs: 60_000 })));
	for (const id of running) await until(ann, id, 'running');
	const ahead = await submit(ann, { sleepMs: 1 });
	const waits = await submit(ann, { sleepMs: 1 });

	const { waiting, waitingBecause } = await read(ann, waits);
	expect(waiting).toMatchObject({
		rule: 'slots-busy',
		because: waitingBecause,
		queue: 'normal',
		ahead: { own: 1, people: 0, classes: [] },
		facts: { slots: SLOTS, running: SLOTS, kept: 0, yielding: 0 },
	});
	const placement = await ann.get<PlacementView>(`/tasks/${waits}/placement`);
	expect(placement).toMatchObject({ total: 1, able: 1, withRoom: 0, waiting: { rule: 'slots-busy' } });
	const broken = placement.nodes[0]?.constraints.filter(({ holds }) => !holds);
	expect(broken).toEqual([{ name: 'slot', holds: false, asked: 1, has: 0 }]);
	await expect(coordinator.api.get(`/tasks/${waits}/placement?limit=0`)).rejects.toThrow();
	const stranger = await coordinator.newUser('stranger');
	await expect(stranger.get(`/tasks/${waits}/placement`)).rejects.toMatchObject({ status: 404 });

	for (const id of [...running, ahead, waits]) await ann.post(`/tasks/${id}:cancel`).catch(() => {});
	for (const id of running) await until(ann, id, 'cancelled');
});
