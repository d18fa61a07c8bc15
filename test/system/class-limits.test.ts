import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { request } from 'undici';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Api, signIn } from '../support/api.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';

/** What classes limit at the doors: the same through each, exact under a flood, and gone without a trace when refused. */
let coordinator: RunningCoordinator;
let agent: RunningAgent;

beforeAll(async () => {
	coordinator = await startCoordinator();
	agent = await startAgent(coordinator, { concurrency: 2 });
	await coordinator.api.post('/admin/queues', { name: 'parked', bindingKeys: ['parked.#'] });
});
afterAll(async () => {
	await agent[Symbol.asyncDispose]();
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data, settled: false });
	await coordinator[Symbol.asyncDispose]();
});

/** A new person in a class of the person's own. */
const personWith = async (name: string, settings: object): Promise<Api> => {
	await coordinator.api.json('PUT', `/admin/service-classes/${name}`, settings);
	const password = `correct horse battery staple ${name}`;
	await coordinator.api.post('/admin/users', { username: name, password, role: 'user', serviceClass: name });
	return signIn(coordinator.url, name, password);
};
const blobNames = async (): Promise<string[]> => {
	const names = await readdir(join(coordinator.data, 'blobs'), { recursive: true });
	return names.map((name) => name.slice(name.lastIndexOf('/') + 1)).filter((name) => /^[0-9a-f]{64}$/.test(name));
};
const beginTus = (api: Api, size: number, path: string, more: Record<string, string> = {}) =>
	api.raw('POST', '/api/v1/uploads', undefined, {
		'tus-resumable': '1.0.0',
		'upload-length': String(size),
		'upload-metadata': `path ${Buffer.from(path).toString('base64')}`,
		...more,
	});
const problem = (answer: { body: Buffer }) => JSON.parse(answer.body.toString());

test('of ten thousand submits at once against a cap of 100 exactly 100 get in', async () => {
	const flooder = await personWith('flooder', { caps: { queued: 100 } });
	let accepted = 0;
	const refusals = new Set<string>();
	let left = 10_000;
	const hose = async (): Promise<void> => {
		while (left > 0) {
			left -= 1;
			const answer = await flooder.raw('POST', '/api/v1/tasks', '{"type":"noop","routingKey":"parked.x"}', {
				'content-type': 'application/json',
			});
			if (answer.status === 202) accepted += 1;
			else refusals.add(problem(answer).code);
		}
	};
	await Promise.all(Array.from({ length: 64 }, hose));
	expect({ accepted, refusals: [...refusals] }).toEqual({ accepted: 100, refusals: ['too-many-queued'] });
	const { items } = await flooder.get<{ items: unknown[] }>('/tasks?state=queued&limit=1000');
	expect(items).toHaveLength(100);
	// Nothing is in another's way, and what ends makes room.
	await flooder.post(`/tasks/${(items[0] as { id: string }).id}:cancel`);
	await flooder.post('/tasks', { type: 'noop', routingKey: 'parked.x' });
}, 300_000);

test('the quota gives the same answer through PUT and tus, before bytes and after, and nothing of it stays', async () => {
	const small = await personWith('small', { quotas: { storedBytes: 100_000 } });
	await small.upload('/there', randomBytes(60_000));
	const before = await blobNames();
	const content = randomBytes(70_000);

	const put = await small.raw('PUT', '/api/v1/content/a', content);
	const begun = await beginTus(small, content.length, '/a');
	expect([put.status, begun.status]).toEqual([507, 507]);
	const words = ({ code, title, detail }: Record<string, string>) => ({ code, title, detail });
	expect(words(problem(put))).toEqual(words(problem(begun)));
	expect(problem(put)).toMatchObject({
		code: 'quota-exceeded',
		detail: expect.stringContaining('room for 100000 bytes; your files take 60000 and this would take 70000 more'),
	});

	// Begun while there was room, finished when there is none any more.
	const late = await beginTus(small, 30_000, '/late');
	expect(late.status).toBe(201);
	await small.upload('/other', randomBytes(30_000));
	const bytes = randomBytes(30_000);
	const ended = await small.raw('PATCH', String(late.headers.location), bytes, {
		'tus-resumable': '1.0.0',
		'upload-offset': '0',
		'content-type': 'application/offset+octet-stream',
	});
	expect([ended.status, problem(ended).code]).toEqual([507, 'quota-exceeded']);
	expect(await readdir(join(coordinator.data, 'uploads'))).toEqual([]);
	expect(await readdir(join(coordinator.data, 'staging'))).toEqual([]);
	const hashes = await blobNames();
	expect(hashes).not.toContain(createHash('sha256').update(bytes).digest('hex'));
	expect(hashes.length).toBe(before.length + 1);
	const { items } = await small.get<{ items: { path: string }[] }>('/files?folder=/');
	expect(items.map(({ path }) => path)).toEqual(['/other', '/there']);
	expect(await small.get('/me')).toMatchObject({
		storage: { usedBytes: 90_000, files: 2, quotaBytes: 100_000, quotaFiles: null, nearlyFull: true },
	});
});

test('the month’s transfer is counted both ways, through every door', async () => {
	const guest = await personWith('guest', { quotas: { transferBytesPerMonth: 250_000 } });
	await guest.upload('/a', randomBytes(100_000));
	expect((await guest.raw('GET', '/api/v1/content/a')).status).toBe(200);
	await expect
		.poll(async () => problem(await guest.raw('GET', '/api/v1/content/a')).code, { timeout: 30_000 })
		.toBe('transfer-exceeded');
	expect(problem(await beginTus(guest, 60_000, '/b'))).toMatchObject({ code: 'transfer-exceeded', status: 403 });
	expect(problem(await guest.raw('PUT', '/api/v1/content/b', randomBytes(60_000))).detail).toContain('starts again at');
	expect((await guest.raw('GET', '/api/v1/content/a', undefined, { range: 'bytes=0-9999' })).status).toBe(206);
});

test('a download is held to the class’s bandwidth and a changed class to the running one; both arrive whole', async () => {
	const [rate, held] = [200_000, 500_000];
	const slow = await personWith('slow', { bandwidth: { downloadBytesPerSecond: rate } });
	// At this rate the whole of it would take longer than this test may.
	const content = randomBytes(40_000_000);
	await slow.upload('/large', content);
	const headers = { authorization: `Bearer ${slow.token}`, range: 'bytes=1000-' };
	const startedAt = performance.now();
	const answer = await request(`${coordinator.url}/api/v1/content/large`, { headers });
	const pieces: Buffer[] = [];
	let bytes = 0;
	let seconds = 0;
	for await (const piece of answer.body) {
		pieces.push(piece);
		bytes += piece.length;
		if (bytes < held || seconds > 0) continue;
		seconds = (performance.now() - startedAt) / 1_000;
		// A slow machine takes longer, never shorter. Half a second's bytes may come at once after a busy moment.
		expect(seconds).toBeGreaterThanOrEqual((bytes - rate / 2) / rate);
		await coordinator.api.json('PUT', '/admin/service-classes/slow', {});
	}
	expect(seconds).toBeGreaterThan(0);
	expect(Buffer.concat(pieces).equals(content.subarray(1_000))).toBe(true);
});

test('submits are held to the rate, with a Retry-After, and to the queues that the class allows', async () => {
	const held = await personWith('held', {
		rates: { submits: { perMinute: 1, burst: 3 } },
		allowedQueues: ['priority'],
	});
	const refused = await held.raw('POST', '/api/v1/tasks', '{"type":"noop","routingKey":"normal.noop"}', {
		'content-type': 'application/json',
	});
	expect(problem(refused)).toMatchObject({ code: 'queue-not-allowed', status: 403 });
	await held.post('/tasks:batch', { tasks: [{ type: 'noop' }, { type: 'noop' }, { type: 'noop' }] });
	const late = await held.raw('POST', '/api/v1/tasks', '{"type":"noop"}', { 'content-type': 'application/json' });
	expect(problem(late).code).toBe('too-many-requests');
	expect(Number(late.headers['retry-after'])).toBeGreaterThan(50);
	expect(Number(late.headers['retry-after'])).toBeLessThanOrEqual(60);
	const tasks = Array.from({ length: 4 }, () => ({ type: 'noop' }));
	await expect(held.post('/tasks:batch', { tasks })).rejects.toMatchObject({ code: 'too-many-tasks' });
	const { tasks: made } = await held.upload('/a', 'x');
	const { items } = await held.get<{ items: { queue: string }[] }>('/tasks?limit=100');
	expect(made).toHaveLength(2);
	expect(new Set(items.map(({ queue }) => queue))).toEqual(new Set(['priority']));
});

test('a task that runs longer than its class lets it says so', async () => {
	const brief = await personWith('brief', { longestRunMs: 300 });
	using feed = await LiveFeed.open(brief);
	const { id } = await brief.post<{ id: string }>('/tasks', { type: 'noop', parameters: { sleepMs: 60_000 } });
	await feed.task(id);
	const { state, error } = await brief.get<{ state: string; error: { message: string } }>(`/tasks/${id}`);
	expect(state).toBe('failed');
	expect(error.message).toContain('The service class brief lets a task run 300 ms');
});

test('of two hundred submits at once no more get past a budget than it has room for, and topped up the rest goes on', async () => {
	await coordinator.api.post('/admin/price-book', { prices: { attempt: 1_000 } });
	const limit = async (name: string, amountMicro: number, action: string): Promise<{ api: Api; budget: string }> => {
		const api = await personWith(name, {});
		const { id: person } = await api.get<{ id: string }>('/me');
		const { id } = await coordinator.api.post<{ id: string }>('/admin/budgets', {
			...{ owner: { person }, amountMicro, action },
		});
		return { api, budget: id };
	};
	const submitAll = (api: Api, count: number, routingKey: string) =>
		Promise.all(
			Array.from({ length: count }, () =>
				api.raw('POST', '/api/v1/tasks', JSON.stringify({ type: 'noop', routingKey }), {
					'content-type': 'application/json',
				}),
			),
		);
	const holding = await limit('holding', 50_000, 'hold');
	const stopping = await limit('stopping', 50_000, 'stop');
	const [held, stopped] = await Promise.all([
		submitAll(holding.api, 200, 'parked.x'),
		submitAll(stopping.api, 200, 'parked.x'),
	]);
	expect(held.every(({ status }) => status === 202)).toBe(true);
	expect(stopped.filter(({ status }) => status === 202)).toHaveLength(50);
	expect(new Set(stopped.filter(({ status }) => status !== 202).map((one) => problem(one).code))).toEqual(
		new Set(['budget-exceeded']),
	);
	for (const { api } of [holding, stopping]) {
		expect(await api.get('/me/budgets')).toMatchObject({
			...{ currency: 'EUR', heldTasks: api === holding.api ? 150 : 0 },
			items: [{ spentMicro: 0, reservedMicro: 50_000, leftMicro: 0, state: 'full' }],
		});
	}

	// Those that run spend it; what is held runs once there is more.
	const working = await limit('working', 2_000, 'hold');
	const feed = await LiveFeed.open(working.api);
	const ids = (await submitAll(working.api, 5, 'normal.x')).map((one) => problem(one).id as string);
	// Of what has just ended an estimate knows once it is in the sums, a moment later.
	await vi.waitFor(
		async () =>
			expect(await working.api.post('/tasks:estimate', { type: 'noop' })).toMatchObject({
				...{ amountMicro: 1_000, verdict: 'held', budgets: [{ id: working.budget, fits: false }] },
			}),
		{ timeout: 60_000 },
	);
	const { items } = await working.api.get<{ items: { id: string }[] }>('/tasks?state=held');
	expect(items).toHaveLength(3);
	expect(await working.api.get(`/tasks/${items[0]!.id}`)).toMatchObject({
		...{ waiting: { rule: 'budget' }, held: { by: 'budget' }, estimateMicro: 1_000 },
	});
	await coordinator.api.json('PATCH', `/admin/budgets/${working.budget}`, { amountMicro: 5_000 });
	for (const id of ids) await feed.task(id);
	feed[Symbol.dispose]();
	expect(await working.api.get('/me/budgets')).toMatchObject({
		...{ heldTasks: 0, items: [{ spentMicro: 5_000, reservedMicro: 0, leftMicro: 0 }] },
	});
	expect(await coordinator.api.post('/admin/usage:verify')).toMatchObject({ ok: true, difference: null });
}, 120_000);
