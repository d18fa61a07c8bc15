import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import type { Api } from '../support/api.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';

let coordinator: RunningCoordinator;
let agent: RunningAgent;
let anna: Api;
let feed: LiveFeed;
/** A queue of their own for tasks that must not start. */
const PARKED = 'parked.noop';

beforeAll(async () => {
	coordinator = await startCoordinator();
	agent = await startAgent(coordinator, { concurrency: 2 });
	anna = await coordinator.newUser('anna');
	feed = await LiveFeed.open(anna);
	await coordinator.api.post('/admin/queues', { name: 'parked', bindingKeys: ['parked.#'] });
});
afterAll(async () => {
	feed[Symbol.dispose]();
	await agent[Symbol.asyncDispose]();
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data, settled: false });
	await coordinator[Symbol.asyncDispose]();
});

const submit = (task: object, headers: Record<string, string> = {}) =>
	anna.post<{ id: string }>('/tasks', { type: 'noop', ...task }, headers).then(({ id }) => id);
const detail = (id: string) => anna.get<TaskDetail>(`/tasks/${id}`);
const countTasks = async () => {
	const { items } = await anna.get<{ items: unknown[] }>('/tasks?limit=1000');
	return items.length;
};

test('a task runs, and its whole story can be read', async () => {
	const id = await submit({ parameters: { sleepMs: 20, echo: { a: [1, 'ü'] } } });
	await feed.task(id);
	const task = await detail(id);
	expect(task).toMatchObject({
		id,
		type: 'noop',
		state: 'succeeded',
		routingKey: 'normal.noop',
		queue: 'normal',
		priority: 4,
		result: { echo: { a: [1, 'ü'] } },
		outputs: [],
		error: null,
		waitingBecause: null,
		attempts: [{ id: `${id}:1`, number: 1, node: agent.name, state: 'succeeded', reason: null }],
	});
	const times = [task.createdAt, task.queuedAt, task.startedAt, task.finishedAt].map((at) => Date.parse(at ?? ''));
	expect(times).toEqual([...times].sort((a, b) => a - b));
	expect(task.usage.wallMs).toBeGreaterThanOrEqual(20);
	expect(task.usage).toEqual(task.attempts[0]?.usage);
});

test('a batch with one bad task names its index, and nothing of it is stored', async () => {
	const before = await countTasks();
	const good = { type: 'noop' };
	for (const [bad, where] of [
		[{ type: 'no-such-type' }, /^tasks\[2\]/],
		[{ type: 'noop', parameters: { sleepMs: 'long' } }, /^tasks\[2\]\.parameters/],
		[{ type: 'noop', parameters: { nonsense: 1 } }, /^tasks\[2\]/],
		[{ type: 'md5' }, /^tasks\[2\]/],
		[{ type: 'noop', priority: 10 }, /^tasks\[2\]\.priority/],
		[{ type: 'noop', unknownField: true }, /^tasks\[2\]/],
		[{ type: 'noop', routingKey: 'no spaces' }, /^tasks\[2\]\.routingKey/],
		[{ type: 'noop', after: ['tsk_00000000000000000000000000'] }, /^tasks\[2\]\.after/],
		[{ type: 'noop', expiresAt: '2001-01-01T00:00:00Z' }, /^tasks\[2\]\.expiresAt/],
		[{ type: 'noop', inputs: [{ file: 'fil_00000000000000000000000000' }] }, /^tasks\[2\]\.inputs/],
	] as const) {
		const refusal = await anna.post('/tasks:batch', { tasks: [good, good, bad, good] }).catch((error) => error);
		expect(refusal.status, JSON.stringify(bad)).toBeGreaterThanOrEqual(400);
		expect(refusal.status, JSON.stringify(bad)).toBeLessThan(500);
		const fields = (refusal.problem.fields ?? []) as { path: string }[];
		expect(fields.map(({ path }) => path).join(), JSON.stringify(refusal.problem)).toMatch(where);
	}
	await expect(anna.post('/tasks:batch', { tasks: [] })).rejects.toMatchObject({ status: 422 });
	const tooMany = Array.from({ length: 10_001 }, () => good);
	await expect(anna.post('/tasks:batch', { tasks: tooMany })).rejects.toSatisfy((e: { status: number }) =>
		[413, 422].includes(e.status),
	);
	expect(await countTasks()).toBe(before);
	const { ids } = await anna.post<{ ids: string[] }>('/tasks:batch', { tasks: [good, good] });
	expect(new Set(ids).size).toBe(2);
	await feed.tasks(ids);
});

test('a repeat under one idempotency key gets the first answer; another request under it is refused', async () => {
	const headers = { 'idempotency-key': 'one-of-a-kind' };
	const first = await submit({ parameters: { echo: 1 } }, headers);
	const before = await countTasks();
	const repeats = await Promise.all([1, 2, 3, 4].map(() => submit({ parameters: { echo: 1 } }, headers)));
	expect(new Set([first, ...repeats]).size).toBe(1);
	expect(await countTasks()).toBe(before);
	await expect(submit({ parameters: { echo: 2 } }, headers)).rejects.toMatchObject({ code: 'idempotency-mismatch' });
	const bob = await coordinator.newUser('bob');
	const { id: others } = await bob.post<{ id: string }>('/tasks', { type: 'noop', parameters: { echo: 1 } }, headers);
	expect(others, 'keys are one’s own').not.toBe(first);
	const batch = { tasks: [{ type: 'noop' }, { type: 'noop' }] };
	const key = { 'idempotency-key': 'a-batch' };
	const [a, b] = await Promise.all([1, 2].map(() => anna.post<{ ids: string[] }>('/tasks:batch', batch, key)));
	expect(a).toEqual(b);
	for (const bad of ['', 'x'.repeat(201), 'tab\there']) {
		await expect(submit({}, { 'idempotency-key': bad }), bad).rejects.toMatchObject({ status: 400 });
	}
	await feed.tasks([first, ...(a?.ids ?? [])]);
});

test('of one dedupe key only one task is open at a time', async () => {
	const key = { dedupeKey: 'nightly', routingKey: PARKED };
	const [first, second] = await Promise.all([submit(key), submit(key)]);
	expect(second).toBe(first);
	const { ids } = await anna.post<{ ids: string[] }>('/tasks:batch', {
		tasks: [
			{ type: 'noop', ...key },
			{ type: 'noop', ...key, dedupeKey: 'other' },
		],
	});
	expect(ids[0]).toBe(first);
	expect(ids[1]).not.toBe(first);
	for (const id of [first, ids[1]]) await anna.post(`/tasks/${id}:cancel`);
	const next = await submit(key);
	expect(next, 'the first is over').not.toBe(first);
	await anna.post(`/tasks/${next}:cancel`);
});

test('notBefore waits for its time and not longer', async () => {
	const at = new Date(Date.now() + 700);
	const id = await submit({ notBefore: at.toISOString() });
	const waiting = await detail(id);
	expect(waiting).toMatchObject({ state: 'waiting', notBefore: at.toISOString() });
	expect(waiting.waitingBecause).toContain(at.toISOString().slice(0, 16).replace('T', ' '));
	await feed.task(id);
	const startedAt = Date.parse((await detail(id)).startedAt ?? '');
	expect(startedAt).toBeGreaterThanOrEqual(at.getTime());
	expect(startedAt).toBeLessThan(at.getTime() + 2_000);
	const past = await submit({ notBefore: '2001-01-01T00:00:00+02:00' });
	expect(await feed.task(past)).toMatchObject({ state: 'succeeded' });
});

test('a task that has not started when it expires never does', async () => {
	const expiresAt = new Date(Date.now() + 600).toISOString();
	const id = await submit({ routingKey: PARKED, expiresAt });
	const dependent = await submit({ after: [id] });
	expect(await detail(id)).toMatchObject({ state: 'queued', expiresAt });
	expect(await feed.task(id)).toMatchObject({ state: 'expired', attempts: [] });
	expect(await feed.task(dependent)).toMatchObject({ state: 'cancelled', error: { code: 'dependency-failed' } });
	const late = await submit({ notBefore: new Date(Date.now() + 60_000).toISOString(), expiresAt: soon(400) });
	expect(await feed.task(late)).toMatchObject({ state: 'expired' });
});
const soon = (ms: number) => new Date(Date.now() + ms).toISOString();

test('a task waits for those that it comes after, and is cancelled with them', async () => {
	const [a, b] = await Promise.all([submit({ routingKey: PARKED }), submit({ parameters: { sleepMs: 50 } })]);
	const both = await submit({ after: [a, b] });
	const then = await submit({ after: [both] });
	await feed.task(b);
	const waiting = await detail(both);
	expect(waiting).toMatchObject({ state: 'waiting', after: expect.arrayContaining([a, b]) });
	expect(waiting.waitingBecause).toContain(a);
	await anna.post(`/tasks/${a}:cancel`);
	for (const id of [both, then]) {
		expect(await feed.task(id)).toMatchObject({ state: 'cancelled', error: { code: 'dependency-failed' } });
	}
	await expect(submit({ after: [a] })).rejects.toMatchObject({ code: 'wrong-state' });
	const chain = [await submit({})];
	for (let i = 0; i < 5; i++) chain.push(await submit({ after: [chain.at(-1)] }));
	const done = await feed.tasks(chain);
	expect(done.map(({ state }) => state)).toEqual(Array(6).fill('succeeded'));
	const spans = await Promise.all(chain.map(detail));
	for (const [i, task] of spans.entries()) {
		if (i > 0) expect(task.startedAt?.localeCompare(spans[i - 1]?.finishedAt ?? '')).toBeGreaterThanOrEqual(0);
	}
});

test('among one person’s tasks the higher priority goes first, then order of arrival', async () => {
	await coordinator.api.post('/admin/queues/normal:pause');
	const { ids } = await anna.post<{ ids: string[] }>('/tasks:batch', {
		tasks: [1, 9, 4, 9, 0, 4].map((priority) => ({ type: 'noop', priority, parameters: { sleepMs: 30 } })),
	});
	const [first, second] = [ids[1], ids[3]];
	expect((await detail(ids[0] ?? '')).waitingBecause).toMatch(/Queue normal is paused/);
	await coordinator.api.post('/admin/queues/normal:resume');
	await feed.tasks(ids);
	const tasks = await Promise.all(ids.map(detail));
	const order = tasks
		.sort((a, b) => (a.startedAt ?? '').localeCompare(b.startedAt ?? ''))
		.map(({ priority }) => priority);
	expect(order).toEqual([9, 9, 4, 4, 1, 0]);
	const nines = tasks.slice(0, 2).map(({ id }) => id);
	expect(nines.sort()).toEqual([first, second].sort());
});

test('lists and live updates name the node, also once the task is over', async () => {
	const id = await submit({ parameters: { sleepMs: 50 } });
	await feed.task(id);
	const { items } = await anna.get<{ items: { id: string; node: string | null }[] }>('/tasks?limit=1');
	expect(items[0]).toMatchObject({ id, node: agent.name });
	const patches = feed.patches.filter((patch) => patch.kind === 'task' && patch.id === id && 'node' in patch);
	expect(patches.map((patch) => 'node' in patch && patch.node).filter(Boolean)).toContain(agent.name);
	expect(JSON.stringify(patches)).not.toContain('nod_');
});

test('lists filter by state, type, queue and file, and page without gaps', async () => {
	const { file, tasks } = await anna.upload('/listed.txt', 'text');
	await feed.tasks(tasks.map(({ id }) => id));
	const ofFile = await anna.get<{ items: { id: string }[] }>(`/tasks?file=${file.id}`);
	expect(ofFile.items.map(({ id }) => id).sort()).toEqual(tasks.map(({ id }) => id).sort());
	const parked = await submit({ routingKey: PARKED });
	const list = async (query: string) =>
		(await anna.get<{ items: { id: string; type: string; state: string }[] }>(`/tasks?${query}`)).items;
	expect((await list('queue=parked&state=queued')).map(({ id }) => id)).toEqual([parked]);
	expect((await list('type=md5')).every(({ type }) => type === 'md5')).toBe(true);
	expect((await list('state=open')).map(({ id }) => id)).toContain(parked);
	expect((await list('state=final&limit=1000')).map(({ id }) => id)).not.toContain(parked);
	const broken = await anna.upload('/broken.png', Buffer.from('\x89PNG\r\n\x1a\nno picture at all', 'latin1'));
	await feed.tasks(broken.tasks.map(({ id }) => id));
	const everything = await list('limit=1000');
	for (const state of ['queued', 'retrying', 'succeeded', 'failed', 'cancelled', 'expired']) {
		expect(await list(`limit=1000&state=${state}`), state).toEqual(everything.filter((task) => task.state === state));
	}
	expect((await list('state=failed')).length).toBeGreaterThan(0);
	const all = everything.map(({ id }) => id);
	const walked: string[] = [];
	let cursor: string | null = '';
	while (cursor !== null) {
		const page: { items: { id: string }[]; nextCursor: string | null } = await anna.get(
			`/tasks?limit=7${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
		);
		walked.push(...page.items.map(({ id }) => id));
		cursor = page.nextCursor;
	}
	expect(walked).toEqual(all);
	await anna.post(`/tasks/${parked}:cancel`);
});
