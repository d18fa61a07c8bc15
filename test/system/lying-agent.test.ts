import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Assignment } from '../../shared/protocol/agent-link.ts';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import type { Api } from '../support/api.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { NO_USAGE, PlayedAgent, success } from '../support/played-agent.ts';
import { RawConnection } from '../support/raw-connection.ts';
import { startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';

let coordinator: RunningCoordinator;
let anna: Api;
let feed: LiveFeed;

beforeAll(async () => {
	coordinator = await startCoordinator();
	anna = await coordinator.newUser('anna');
	feed = await LiveFeed.open(anna);
});
afterAll(async () => {
	feed[Symbol.dispose]();
	await using honest = await startAgent(coordinator);
	await honest.stop();
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data, settled: false });
	await coordinator[Symbol.asyncDispose]();
});

const submit = (task: object = {}) =>
	anna.post<{ id: string }>('/tasks', { type: 'noop', ...task }).then(({ id }) => id);
const detail = (id: string) => anna.get<TaskDetail>(`/tasks/${id}`);
const sha256Of = (content: Buffer) => createHash('sha256').update(content).digest('hex');

/** Gives the liar a task and waits until it has it. */
const caught = async (liar: PlayedAgent, task: object = {}): Promise<Assignment> => {
	const id = await submit(task);
	await liar.until('its assignment', () => liar.assignments.some((one) => one.task === id));
	return liar.assignments.find((one) => one.task === id) as Assignment;
};
const cancelled = async (id: string, liar: PlayedAgent): Promise<void> => {
	await anna.post(`/tasks/${id}:cancel`);
	const live = liar.assignments.find((one) => one.task === id) as Assignment;
	const { task, attempt, token } = live;
	expect(await liar.settled({ task, attempt, token, outcome: 'cancelled', usage: NO_USAGE })).toBe('accepted');
};

test('a claimed result of 10 GiB counts for nothing, and a huge result is a failure', async () => {
	using liar = await PlayedAgent.start(coordinator);
	const live = await caught(liar);
	const outputs = [{ name: 'big', sha256: 'a'.repeat(64), size: 10 * 2 ** 30, mediaType: 'text/plain' }];
	expect(await liar.settled(success(live, { outputs })), 'given back: nothing of it is here').toBe('accepted');
	const after = await detail(live.task);
	expect(after.attempts[0]).toMatchObject({ state: 'returned' });
	expect(after.outputs).toEqual([]);
	await liar.assigned(2, 40_000);
	const again = liar.assignments[1] as Assignment;
	const result = { text: 'x'.repeat(70_000) };
	expect(await liar.settled(success(again, { result }))).toBe('accepted');
	expect(await detail(live.task)).toMatchObject({ result: null, attempts: [{}, { state: 'failed' }] });
	await anna.post(`/tasks/${live.task}:cancel`).catch(() => {});
});

test('output names are names: none leaves its place, and the declared size holds', async () => {
	using liar = await PlayedAgent.start(coordinator);
	const live = await caught(liar);
	const before = (await readdir(join(coordinator.data, '..'))).sort();
	for (const name of ['../x', '..', 'a/b', '/etc/x', 'a\0b', '', '.', 'n'.repeat(256), '\x1b[31mred', 'a\u202eb']) {
		const answer = await liar.putOutput(live, name, Buffer.from('x'));
		expect(answer.status, JSON.stringify(name)).toBeGreaterThanOrEqual(400);
		expect(answer.status, JSON.stringify(name)).toBeLessThan(500);
	}
	expect((await readdir(join(coordinator.data, '..'))).sort()).toEqual(before);
	using connection = await RawConnection.open(coordinator.port);
	const path = `/api/v1/agent/attempts/${live.task}/${live.attempt}/outputs/big`;
	connection.send(
		`PUT ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Attempt ${live.token}\r\ncontent-length: ${10 * 2 ** 30}\r\n\r\n`,
	);
	expect((await connection.answered(10_000)).status).toBe(413);

	const content = Buffer.from('real');
	expect((await liar.putOutput(live, 'real.txt', content)).status).toBeLessThan(300);
	const stranger = { ...live, token: '0'.repeat(32) };
	expect([401, 403, 404, 409]).toContain((await liar.putOutput(stranger, 'theirs.txt', content)).status);
	const output = { name: 'real.txt', sha256: sha256Of(content), size: 4, mediaType: 'text/html' };
	expect(await liar.settled(success(live, { outputs: [{ ...output, sha256: 'b'.repeat(64) }] }))).toBe('accepted');
	expect((await detail(live.task)).outputs, 'another hash than what arrived').toEqual([]);
	await anna.post(`/tasks/${live.task}:cancel`);
});

test('a real output comes back to people as a download, whatever its maker calls it', async () => {
	using liar = await PlayedAgent.start(coordinator);
	const live = await caught(liar);
	const page = Buffer.from('<script>alert(1)</script>');
	await liar.putOutput(live, 'page.html', page);
	const output = { name: 'page.html', sha256: sha256Of(page), size: page.length, mediaType: 'text/html' };
	expect(await liar.settled(success(live, { outputs: [output] }))).toBe('accepted');
	const task = await feed.task(live.task);
	const [{ url }] = task.outputs as [{ url: string }];
	const answer = await anna.raw('GET', url);
	expect(answer.body.equals(page)).toBe(true);
	expect(answer.headers['content-disposition']).toMatch(/^attachment/);
	expect(answer.headers['x-content-type-options']).toBe('nosniff');
	expect(answer.headers['content-security-policy']).toMatch(/sandbox/);
	expect(answer.headers['content-type']).not.toMatch(/html/);
});

test('terminal escapes in the log reach people as text, and a flood of lines has an end', async () => {
	using liar = await PlayedAgent.start(coordinator);
	const live = await caught(liar);
	const { task, attempt, token } = live;
	const evil = '\x1b]0;owned\x07\x1b[2J\r\nfake: line\u202e\x9b31m<b>';
	const lines = [{ stream: 'out', text: evil }];
	liar.emit('task:log', { items: [{ task, attempt, token, firstSeq: 0, lines }] });
	for (let i = 0; i < 30; i++) {
		const many = Array.from({ length: 1000 }, () => ({ stream: 'err', text: 'y'.repeat(150) }));
		liar.emit('task:log', { items: [{ task, attempt, token, firstSeq: 1 + i * 1000, lines: many }] });
	}
	await cancelled(task, liar);
	const log = await anna.get<{ items: { text: string }[] }>(`/tasks/${task}/log`);
	// C0, DEL and C1, of which a tab does no harm.
	expect([...(log.items[0]?.text ?? '')].filter((c) => /\p{Cc}/u.test(c) && c !== '\t')).toEqual([]);
	expect(log.items[0]?.text).toContain('fake: line');
	let seen = 0;
	for (let after = 0; ; ) {
		const page = await anna.get<{ items: unknown[]; nextSeq: number }>(`/tasks/${task}/log?after=${after}`);
		if (page.items.length === 0) break;
		seen += page.items.length;
		after = page.nextSeq;
	}
	expect(seen).toBeLessThanOrEqual(20_000);
	expect(coordinator.log).not.toContain('\x1b');
});

test('a node reaches only what it holds: foreign attempts, inputs and tokens are refused', async () => {
	const { file, tasks } = await anna.upload('/secret.txt', 'secret content');
	using victim = await PlayedAgent.start(coordinator, { concurrency: 8 });
	await victim.until('the upload’s tasks', () =>
		tasks.every(({ id }) => victim.assignments.some((a) => a.task === id)),
	);
	const theirs = victim.assignments.find((one) => one.type === 'md5') as Assignment;
	using liar = await PlayedAgent.start(coordinator);
	const live = await caught(liar, { routingKey: 'normal.noop' });
	for (const item of [
		success({ ...theirs, token: live.token }),
		success({ ...theirs, attempt: 2 }),
		success({ ...live, token: theirs.token }),
	]) {
		expect(['stale', 'invalid']).toContain(await liar.settled(item));
	}
	// Even the right token helps nobody but the node that holds the lease.
	expect(await liar.settled(success(theirs, { result: { md5: 'f'.repeat(32) } }))).not.toBe('accepted');
	const { sha256 } = theirs.inputs[0] as { sha256: string };
	const input = (attempt: Assignment, hash: string) =>
		anna
			.at(coordinator.url)
			.raw('GET', `/api/v1/agent/attempts/${attempt.task}/${attempt.attempt}/inputs/${hash}`, undefined, {
				authorization: `Attempt ${attempt.token}`,
			});
	expect((await input(theirs, sha256)).status).toBe(200);
	expect([403, 404]).toContain((await input(live, sha256)).status);
	expect([401, 403, 404, 409]).toContain((await input({ ...theirs, token: live.token }, sha256)).status);
	expect(await detail(theirs.task)).toMatchObject({ state: 'running' });
	for (const one of victim.assignments) {
		const result = one.type === 'md5' ? { md5: 'd41d8cd98f00b204e9800998ecf8427e' } : { mimetype: 'text/plain' };
		expect(await victim.settled(success(one, { result }))).toBe('accepted');
	}
	expect(await anna.get(`/files/${file.id}`)).toMatchObject({ facts: { mimetype: 'text/plain' } });
	await cancelled(live.task, liar);
});

test('facts of a file are only what a task of that type may say', async () => {
	const { file, tasks } = await anna.upload('/facts.txt', 'some text');
	using liar = await PlayedAgent.start(coordinator, { concurrency: 8 });
	await liar.until('the upload’s tasks', () => tasks.every(({ id }) => liar.assignments.some((a) => a.task === id)));
	for (const one of liar.assignments) {
		const result = {
			md5: '<script>alert(1)</script>',
			mimetype: 'text/html"><script>',
			sha256: '0'.repeat(64),
			size: 1,
			path: '/elsewhere',
			owner: 'somebody',
		};
		expect(await liar.settled(success(one, { result }))).toBe('accepted');
	}
	const now = await anna.get<{ facts: Record<string, unknown>; path: string; sha256: string }>(`/files/${file.id}`);
	expect(now).toMatchObject({ path: '/facts.txt', sha256: file.sha256 });
	expect(Object.keys(now.facts).filter((key) => !['md5', 'mimetype'].includes(key))).toEqual([]);
	expect(JSON.stringify(now.facts)).not.toContain('<script>');
});

test('a repeat of a settlement is answered as one, another ending after it changes nothing', async () => {
	using liar = await PlayedAgent.start(coordinator);
	const live = await caught(liar);
	const [a, b] = await Promise.all([liar.settled(success(live)), liar.settled(success(live))]);
	expect([a, b].sort()).toEqual(['accepted', 'repeated']);
	expect(await liar.settled(success(live))).toBe('repeated');
	const { usage } = await detail(live.task);
	const more = { wallMs: 60_000, cpuMs: 60_000, peakMemoryBytes: 2 ** 31, bytesIn: 2 ** 40, bytesOut: 2 ** 40 };
	const again = await liar.settle(...Array.from({ length: 20 }, () => success(live, { usage: more })));
	expect(again).toEqual({ statuses: Array(20).fill('repeated') });
	expect((await detail(live.task)).usage, 'what was used counts once, as it was told first').toEqual(usage);
	const { task, attempt, token } = live;
	const failure = { class: 'permanent', code: 'changed-my-mind', message: 'no' };
	await liar.settled({ task, attempt, token, outcome: 'failed', failure, usage: NO_USAGE });
	expect(await detail(task)).toMatchObject({ state: 'succeeded', attempts: [{ state: 'succeeded' }] });
});

const faultsOf = async (liar: PlayedAgent): Promise<unknown> => {
	const { items } = await coordinator.api.get<{ items: { id: string; faults: unknown }[] }>('/admin/nodes?limit=200');
	return items.find(({ id }) => id === liar.node)?.faults;
};

test('usage beyond sense is brought to sense', async () => {
	using liar = await PlayedAgent.start(coordinator);
	const live = await caught(liar);
	const usage = { wallMs: -5, cpuMs: 1e300, peakMemoryBytes: -1, bytesIn: 1e30, bytesOut: 0.5 };
	expect(await liar.settled(success(live, { usage }))).toBe('accepted');
	const task = await detail(live.task);
	for (const value of Object.values(task.usage).filter((one) => typeof one === 'number')) {
		expect(value).toBeGreaterThanOrEqual(0);
		expect(value).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
	}
	expect(task.usage.flags).toEqual(['wall', 'cpu', 'memory', 'bytesIn']);
	expect(await faultsOf(liar)).toMatchObject({ impossibleUsage: 1, last: expect.stringContaining(live.task) });
	await anna.get('/usage');

	// What is no number at all is as good as nothing.
	for (const usage of [{ ...NO_USAGE, cpuMs: '5' }, { ...NO_USAGE, wallMs: null }, 'much', null, [1]]) {
		const other = await caught(liar);
		const said = await liar.settled(success(other, { usage }));
		expect(said, JSON.stringify(usage)).toBeDefined();
		const after = await detail(other.task);
		for (const value of Object.values(after.usage).filter((one) => typeof one === 'number')) {
			expect(value).toBeGreaterThanOrEqual(0);
			expect(value).toBeLessThan(60_000 * 2 ** 20);
		}
		if (after.state === 'running') await cancelled(other.task, liar);
	}
	expect(await coordinator.api.post('/admin/usage:verify')).toMatchObject({ ok: true });
});

test('settlements that it has not sealed are refused with a code, audited, and change nothing', async () => {
	using liar = await PlayedAgent.start(coordinator);
	const live = await caught(liar);
	expect(await liar.settleSealed([success(live)])).toMatchObject({ refused: 'bad-signature' });
	expect(await detail(live.task)).toMatchObject({ state: 'running' });
	expect(await faultsOf(liar)).toMatchObject({ badSeals: 1 });
	const audit = await coordinator.api.get<{ items: { actor: string; outcome: string }[] }>(
		'/admin/audit?action=node.settle',
	);
	expect(audit.items).toContainEqual(expect.objectContaining({ actor: liar.node, outcome: 'refused' }));
	expect(await liar.settled(success(live))).toBe('accepted');
});

test('who speaks another version, is not signed, or is unknown is refused with a code', async () => {
	using liar = await PlayedAgent.join(coordinator);
	expect(await liar.connect({ protocol: { major: 99, minor: 0 } })).toMatchObject({
		ok: false,
		code: 'protocol-version',
	});
	expect(await liar.connect({ signature: 'A'.repeat(86) })).toMatchObject({ ok: false, code: 'bad-signature' });
	const unknown = `nod_${'0'.repeat(26)}`;
	expect(await liar.connect({ node: unknown })).toMatchObject({
		ok: false,
		code: expect.stringMatching(/node-unknown|bad-signature/),
	});
	expect(await liar.connect({ concurrency: 1e9 })).toMatchObject({ ok: false, code: 'bad-request' });
	expect(await liar.connect({ queues: [] })).toMatchObject({ ok: false });
	expect(await liar.connect()).toMatchObject({ ok: true });
	const { items } = await coordinator.api.get<{ items: { id: string; state: string }[] }>('/admin/nodes');
	expect(items.find(({ id }) => id === liar.node)).toMatchObject({ state: 'online' });
	await coordinator.api.post(`/admin/nodes/${liar.node}:revoke`);
	await liar.until('its link to be cut', () => !liar.isConnected, 2_000);
	expect(await liar.connect()).toMatchObject({ ok: false, code: 'node-revoked' });
});
