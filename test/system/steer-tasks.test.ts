import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ActView } from '../../shared/protocol/act.ts';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import { Api } from '../support/api.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { makePngBomb, makeSvgEntityBomb, truncated } from '../support/make-images.ts';
import { busyChildOf, isAlive } from '../support/processes.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';

let coordinator: RunningCoordinator;
let agent: RunningAgent;
let anna: Api;
let feed: LiveFeed;

beforeAll(async () => {
	// A cancelled attempt of a node that is away ends with its lease: a short one, so that this can be seen.
	coordinator = await startCoordinator({ env: { MILLRACE_LEASE: '3', MILLRACE_LINK_GRACE: '1' } });
	agent = await startAgent(coordinator, { concurrency: 2 });
	anna = await coordinator.newUser('anna');
	feed = await LiveFeed.open(anna);
});
afterAll(async () => {
	feed[Symbol.dispose]();
	await agent.stop();
	await agent[Symbol.asyncDispose]();
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data });
	await coordinator[Symbol.asyncDispose]();
});

const submit = (task: object) => anna.post<{ id: string }>('/tasks', { type: 'noop', ...task }).then(({ id }) => id);
const running = async (parameters: object) => {
	const id = await submit({ parameters });
	await feed.task(id, ['running']);
	return id;
};
const detail = (id: string) => anna.get<TaskDetail>(`/tasks/${id}`);

test('what waits or stands in line is cancelled at once', async () => {
	const waiting = await submit({ notBefore: new Date(Date.now() + 3_600_000).toISOString() });
	const queued = await submit({ routingKey: 'nowhere.noop' });
	for (const id of [waiting, queued]) {
		await anna.post(`/tasks/${id}:cancel`);
		expect(await detail(id)).toMatchObject({ state: 'cancelled', attempts: [], usage: { wallMs: 0 } });
		await anna.post(`/tasks/${id}:cancel`);
	}
});

test('what runs is stopped, also when it does not listen, and its children are gone', async () => {
	for (const parameters of [{ sleepMs: 600_000 }, { cpuMs: 600_000 }]) {
		const id = await running(parameters);
		await anna.post(`/tasks/${id}:cancel`);
		expect(await detail(id)).toMatchObject({ cancelRequested: true });
		const over = await feed.task(id);
		expect(over).toMatchObject({ state: 'cancelled', attempts: [{ state: 'cancelled' }] });
	}
	const id = await submit({});
	expect(await feed.task(id), 'the slots are free again').toMatchObject({ state: 'succeeded' });
	await expect(anna.post(`/tasks/${id}:cancel`)).rejects.toMatchObject({ code: 'wrong-state' });
});

test('a cancel reaches a node that was away when it was asked for', async () => {
	const id = await running({ sleepMs: 600_000 });
	agent.signal('SIGSTOP');
	await anna.post(`/tasks/${id}:cancel`);
	expect(await feed.task(id)).toMatchObject({ state: 'cancelled' });
	agent.signal('SIGCONT');
	await waitFor('the node to be back', async () => {
		const { items } = await coordinator.api.get<{ items: { state: string }[] }>('/admin/nodes');
		return items.some(({ state }) => state === 'online');
	});
	expect(await feed.task(await submit({}))).toMatchObject({ state: 'succeeded' });
	expect(await detail(id)).toMatchObject({ state: 'cancelled' });
	// A drain waits for what runs: it ends at once because the cancelled work does not run any more.
	await agent.stop(10_000);
	await agent.restart();
});

test('retry runs again what ended without success, and only that', async () => {
	const cancelled = await submit({ routingKey: 'nowhere.noop' });
	await anna.post(`/tasks/${cancelled}:cancel`);
	await coordinator.api.post('/admin/queues', { name: 'nowhere', bindingKeys: ['nowhere.#'] });
	await using second = await startAgent(coordinator, { queues: ['nowhere'] });
	const { id } = await anna.post<{ id: string }>(`/tasks/${cancelled}:retry`);
	expect(await feed.task(id)).toMatchObject({ state: 'succeeded', attempts: [{ node: second.name }] });
	await expect(anna.post(`/tasks/${id}:retry`)).rejects.toMatchObject({ code: 'wrong-state' });
	await second.stop();
});

test('a worker that dies under a task three times puts it into quarantine; a person can let it out', async () => {
	const id = await submit({ parameters: { cpuMs: 2_500 } });
	for (let loss = 1; loss <= 3; loss++) {
		await feed.task(id, ['running'], 20_000);
		process.kill(await busyChildOf(agent.pid), 'SIGKILL');
		await waitFor(
			`loss ${loss}`,
			async () => (await detail(id)).attempts.filter((a) => a.state === 'lost').length >= loss,
		);
	}
	expect(await feed.task(id)).toMatchObject({ state: 'quarantined', error: { code: 'worker-lost' } });
	const { attempts, usage } = await detail(id);
	expect(attempts.map(({ state }) => state)).toEqual(['lost', 'lost', 'lost']);
	expect(usage, 'losses cost nothing').toMatchObject({ wallMs: 0, cpuMs: 0 });
	expect(await feed.task(await submit({})), 'the agent lives').toMatchObject({ state: 'succeeded' });
	await anna.post(`/tasks/${id}:retry`);
	expect(await feed.task(id, ['succeeded'], 20_000)).toMatchObject({ state: 'succeeded' });
});

test('pictures that are none fail as bad input at the first attempt, and harm nothing', async () => {
	const small = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
	for (const [name, content] of [
		['bomb.png', makePngBomb()],
		['cut.png', truncated(makePngBomb(64, 64))],
		['header.png', small],
	] as const) {
		const { file, tasks } = await anna.upload(`/bad/${name}`, content);
		const thumbnail = tasks.find(({ type }) => type === 'thumbnail');
		if (!thumbnail) throw new Error(`${name} was not taken for an image`);
		const over = await feed.task(thumbnail.id);
		expect(over, name).toMatchObject({ state: 'failed', attempts: [{ state: 'failed' }] });
		expect(over.error, name).toMatchObject({ code: expect.stringMatching(/./), message: expect.stringMatching(/./) });
		expect(JSON.stringify(over), name).not.toContain(agent.workDir);
		await feed.tasks(tasks.map((task) => task.id));
		expect(await anna.get(`/files/${file.id}`), name).toMatchObject({
			thumbnail: null,
			facts: { md5: expect.any(String) },
		});
	}
	const svg = await anna.upload('/bad/laughs.svg', makeSvgEntityBomb());
	expect(svg.tasks.map(({ type }) => type)).not.toContain('thumbnail');
	await feed.tasks(svg.tasks.map(({ id }) => id));
	expect(isAlive(agent.pid)).toBe(true);
});

test('operators steer other people’s tasks, people only their own', async () => {
	const id = await submit({ routingKey: 'parked.noop' });
	const bob = await coordinator.newUser('bob');
	for (const act of ['cancel', 'retry']) {
		await expect(bob.post(`/tasks/${id}:${act}`)).rejects.toMatchObject({ status: 404 });
	}
	await expect(bob.get(`/tasks/${id}`)).rejects.toMatchObject({ status: 404 });
	await expect(bob.get(`/tasks/${id}/log`)).rejects.toMatchObject({ status: 404 });
	const olga = await coordinator.newUser('olga', 'operator');
	expect(await olga.get(`/tasks/${id}`)).toMatchObject({ state: 'queued' });
	await olga.post(`/tasks/${id}:cancel`);
	expect(await detail(id)).toMatchObject({ state: 'cancelled' });
	await olga.post(`/tasks/${id}:cancel`);
	await olga.post(`/tasks/${id}:retry`);
	expect(await detail(id)).toMatchObject({ state: 'queued' });
	await expect(olga.post(`/tasks/${id}:retry`)).rejects.toMatchObject({ code: 'wrong-state' });

	// An operator's word on somebody else's task is an act: listed, and audited once if it happened.
	const acts = async () => (await olga.get<{ items: ActView[] }>('/admin/acts')).items;
	const told = (await acts()).map(({ verb, object, by, changed, state }) => [verb, object, by, changed, state]);
	expect(told).toEqual([
		['tasks.retry', id, 'olga', 0, 'done'],
		['tasks.retry', id, 'olga', 1, 'done'],
		['tasks.cancel', id, 'olga', 0, 'done'],
		['tasks.cancel', id, 'olga', 1, 'done'],
	]);
	const audit = async (action: string) =>
		(await coordinator.api.get<{ items: { object: string }[] }>(`/admin/audit?action=${action}`)).items;
	expect((await audit('tasks.cancel')).map(({ object }) => object)).toEqual([id, id]);
	// What came of it differs from what was asked for: only that is told besides.
	expect(await audit('tasks.cancel.done')).toHaveLength(1);
	expect(await audit('task.cancel')).toEqual([]);

	// The owner's is none, nor is an operator's on a task of the own.
	await anna.post(`/tasks/${id}:cancel`);
	const own = await olga.post<{ id: string }>('/tasks', { type: 'noop', routingKey: 'parked.noop' });
	await olga.post(`/tasks/${own.id}:cancel`);
	expect(await acts()).toHaveLength(4);
	const [bell] = (
		await bob.post<{ ids: string[] }>('/tasks:batch', { tasks: [{ type: 'noop', routingKey: 'parked.x' }] })
	).ids;
	const { token } = await olga.post<{ token: string }>('/tokens', { name: 't', scopes: ['tasks:read', 'tasks:write'] });
	await new Api(olga.url, token).post(`/tasks/${bell}:hold`);
	expect((await acts())[0], 'also by a token for tasks only').toMatchObject({ verb: 'tasks.hold', object: bell });
	await bob.post(`/tasks/${bell}:cancel`);
});
