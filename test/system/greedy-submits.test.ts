import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api } from '../support/api.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';

/** One person's submits that would cost the others dearly: each is refused with a code, and the others do not notice. */
let coordinator: RunningCoordinator;
let agent: RunningAgent;
let greedy: Api;
let other: Api;
let feed: LiveFeed;

beforeAll(async () => {
	coordinator = await startCoordinator();
	agent = await startAgent(coordinator, { concurrency: 2 });
	greedy = await coordinator.newUser('greedy');
	other = await coordinator.newUser('other');
	feed = await LiveFeed.open(other);
	await coordinator.api.post('/admin/queues', { name: 'parked', bindingKeys: ['parked.#'] });
});
afterAll(async () => {
	feed[Symbol.dispose]();
	await agent[Symbol.asyncDispose]();
	await coordinator[Symbol.asyncDispose]();
});

const submit = (task: object, headers: Record<string, string> = {}) =>
	greedy.post<{ id: string }>('/tasks', { type: 'noop', ...task }, headers).then(({ id }) => id);
const batch = (tasks: readonly object[]) => greedy.post<{ ids: string[] }>('/tasks:batch', { tasks });
const othersWorkRuns = async () => {
	const { id } = await other.post<{ id: string }>('/tasks', { type: 'noop' });
	expect(await feed.task(id)).toMatchObject({ state: 'succeeded' });
};

test('parameters longer than 64 KiB are refused, alone and in a batch', async () => {
	const large = { parameters: { echo: 'x'.repeat(70_000) } };
	await expect(submit(large)).rejects.toMatchObject({ code: 'parameters-invalid' });
	const refusal = await batch([{ type: 'noop' }, { type: 'noop', ...large }]).catch((error) => error);
	expect(refusal).toMatchObject({ code: 'batch-invalid' });
	expect(String(refusal)).toContain('tasks[1].parameters');
	await othersWorkRuns();
});

test('JSON that is nested without end, or holds millions of values, is refused before anything walks it', async () => {
	const body = (echo: string) => `{"type":"noop","parameters":{"echo":${echo}}}`;
	const json = { 'content-type': 'application/json' };
	for (const depth of [100, 1_600, 100_000]) {
		const text = body('['.repeat(depth) + ']'.repeat(depth));
		const answer = await greedy.raw('POST', '/api/v1/tasks', text, json);
		expect(answer.status, String(depth)).toBe(400);
		expect(JSON.parse(answer.body.toString()), String(depth)).toMatchObject({ code: 'bad-json' });
	}
	const crowd = await greedy.raw('POST', '/api/v1/tasks:batch', `{"tasks":[${'1,'.repeat(600_000)}1]}`, json);
	expect(JSON.parse(crowd.body.toString())).toMatchObject({ code: 'bad-json' });
	const fine = await submit({ parameters: { echo: JSON.parse('['.repeat(50) + ']'.repeat(50)) } });
	await feed.task((await other.post<{ id: string }>('/tasks', { type: 'noop' })).id);
	await expect.poll(async () => (await greedy.get<{ state: string }>(`/tasks/${fine}`)).state).toBe('succeeded');
});

test('at most 10,000 tasks wait for one, and when it ends they end with it while others go on', async () => {
	const first = await submit({ routingKey: 'parked.noop' });
	const waiting = Array.from({ length: 10_000 }, () => ({ type: 'noop', after: [first] }));
	await batch(waiting);
	await expect(submit({ after: [first] })).rejects.toMatchObject({ code: 'invalid' });
	await expect(batch([{ type: 'noop' }, { type: 'noop', after: [first] }])).rejects.toMatchObject({ code: 'invalid' });
	await greedy.post(`/tasks/${first}:cancel`);
	const { items } = await greedy.get<{ items: { state: string }[] }>('/tasks?state=cancelled&limit=1000');
	expect(items).toHaveLength(1_000);
	expect((await greedy.get<{ items: unknown[] }>('/tasks?state=waiting')).items).toEqual([]);
	await othersWorkRuns();
});

test('a person has 1,000 different routing keys; uploads go on all the same', async () => {
	await batch(Array.from({ length: 990 }, (_, i) => ({ type: 'noop', routingKey: `parked.${i}` })));
	const more = Array.from({ length: 100 }, (_, i) => ({ type: 'noop', routingKey: `parked.more.${i}` }));
	const refusal = await batch(more).catch((error) => error);
	expect(refusal).toMatchObject({ code: 'invalid' });
	expect(String(refusal)).toMatch(/tasks\[\d+\].routingKey/);
	for (let i = 0; i < 20; i++) await submit({ routingKey: `parked.last.${i}` }).catch(() => {});
	await expect(submit({ routingKey: 'parked.too-much' })).rejects.toMatchObject({ code: 'invalid' });
	await submit({ routingKey: 'parked.7' });
	const { tasks } = await greedy.upload('/after.txt', 'text');
	expect(tasks).toHaveLength(2);
	const listed = await greedy.get<{ items: unknown[] }>('/tasks?queue=parked&limit=1000');
	expect(listed.items.length).toBeGreaterThan(900);
});

test('a repeat gets its first answer also when the request would be refused by now', async () => {
	const { file } = await greedy.upload('/gone-soon.txt', 'text');
	const key = (name: string) => ({ 'idempotency-key': name });
	const ofFile = { type: 'md5', inputs: [{ file: file.id }] };
	const first = await submit(ofFile, key('with-input'));
	await greedy.raw('DELETE', '/api/v1/content/gone-soon.txt');
	await expect(submit(ofFile)).rejects.toMatchObject({ code: 'inputs-invalid' });
	expect(await submit(ofFile, key('with-input'))).toBe(first);
	const soon = { expiresAt: new Date(Date.now() + 1_500).toISOString(), routingKey: 'parked.7' };
	const second = await submit(soon, key('soon'));
	await expect
		.poll(async () => (await greedy.get<{ state: string }>(`/tasks/${second}`)).state, { timeout: 10_000 })
		.toBe('expired');
	await expect(submit(soon)).rejects.toMatchObject({ code: 'invalid' });
	expect(await submit(soon, key('soon'))).toBe(second);
	await expect(submit({ ...soon, priority: 1 }, key('soon'))).rejects.toMatchObject({ code: 'idempotency-mismatch' });
});
