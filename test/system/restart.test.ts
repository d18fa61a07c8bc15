import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import { allOver } from '../support/all-over.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { History } from '../support/history.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';

let coordinator: RunningCoordinator;
let agent: RunningAgent | undefined;
const history = new History();

beforeAll(async () => {
	coordinator = await startCoordinator();
});
afterAll(async () => {
	await agent?.stop();
	await agent?.[Symbol.asyncDispose]();
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data, history });
	await coordinator[Symbol.asyncDispose]();
});

test('everything is there after a restart: files, tasks in every state, queues, accounts, keys', async () => {
	const anna = await coordinator.newUser('anna');
	const content = randomBytes(50_000);
	const uploaded = await history.upload(() => anna.upload('/kept.bin', content));
	await coordinator.api.post('/admin/queues', { name: 'own', bindingKeys: ['own.*', 'mine.#'] });
	await coordinator.api.post('/admin/queues/normal:pause');
	const submit = (task: object, key?: string) =>
		anna
			.post<{ id: string }>('/tasks', { type: 'noop', ...task }, key === undefined ? {} : { 'idempotency-key': key })
			.then(({ id }) => id);
	const soonMs = Date.now() + 1_500;
	const queued = await submit({ parameters: { echo: 'queued' }, priority: 7 }, 'before');
	const waiting = await submit({ notBefore: new Date(soonMs).toISOString() });
	const dependent = await submit({ after: [queued] });
	const cancelled = await submit({});
	await anna.post(`/tasks/${cancelled}:cancel`);
	const deduplicated = await submit({ dedupeKey: 'd', routingKey: 'own.x' });

	await coordinator.kill();
	await coordinator.restart();

	expect(await coordinator.api.get('/admin/queues')).toMatchObject({
		items: expect.arrayContaining([
			expect.objectContaining({ name: 'own', bindingKeys: ['own.*', 'mine.#'], paused: false }),
			expect.objectContaining({ name: 'normal', paused: true }),
		]),
	});
	const states = await Promise.all(
		[queued, waiting, dependent, cancelled].map((id) => anna.get<TaskDetail>(`/tasks/${id}`)),
	);
	expect(states.map(({ state }) => state)).toEqual([
		'queued',
		expect.toBeOneOf(['waiting', 'queued']),
		'waiting',
		'cancelled',
	]);
	expect(states[0]).toMatchObject({
		priority: 7,
		parameters: { echo: 'queued' },
		waitingBecause: expect.stringMatching(/paused/),
	});
	expect(await submit({ parameters: { echo: 'queued' }, priority: 7 }, 'before'), 'keys outlive it').toBe(queued);
	expect(await submit({ dedupeKey: 'd', routingKey: 'own.x' })).toBe(deduplicated);
	const back = await anna.raw('GET', '/api/v1/content/kept.bin');
	expect(createHash('sha256').update(back.body).digest('hex')).toBe(uploaded?.file.sha256);

	agent = await startAgent(coordinator, { queues: ['normal', 'own'] });
	await coordinator.api.post('/admin/queues/normal:resume');
	using feed = await LiveFeed.open(anna);
	await feed.tasks([queued, waiting, dependent, deduplicated, ...(uploaded?.tasks ?? []).map(({ id }) => id)]);
	expect(Date.parse((await anna.get<TaskDetail>(`/tasks/${waiting}`)).startedAt ?? '')).toBeGreaterThanOrEqual(soonMs);
});

test('a second coordinator on the same data is refused, and the first goes on', async () => {
	agent ??= await startAgent(coordinator);
	await expect(startCoordinator({ data: coordinator.data })).rejects.toThrow(/ended/);
	const { id } = await coordinator.api.post<{ id: string }>('/tasks', { type: 'noop' });
	using feed = await LiveFeed.open(coordinator.api);
	expect(await feed.task(id)).toMatchObject({ state: 'succeeded' });
	await allOver(coordinator.api);
});
