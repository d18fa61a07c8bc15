import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FileDetail, UploadAnswer } from '../../shared/protocol/file.ts';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import { allOver } from '../support/all-over.ts';
import { type Api, ApiRefusal } from '../support/api.ts';
import { rounds } from '../support/chaos-length.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { lookInto } from '../support/look-into.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { TusUpload } from '../support/tus-upload.ts';
import { waitFor } from '../support/wait-for.ts';

const ROUNDS = rounds(4, 100);

let coordinator: RunningCoordinator;
/** Before what people ask, and before the agent. */
let door: TcpProxy;
let link: TcpProxy;
let agent: RunningAgent;

beforeAll(async () => {
	// Heartbeats are far apart: nothing else comes down the link while a task runs. An agent may take its time to come back.
	const env = { MILLRACE_LEASE: '120', MILLRACE_HEARTBEAT: '60', MILLRACE_LINK_GRACE: '300' };
	coordinator = await startCoordinator({ env });
	door = await TcpProxy.listen({ port: coordinator.port });
	link = await TcpProxy.listen({ port: coordinator.port });
	agent = await startAgent(coordinator, { url: link.url, concurrency: 1 });
});
afterAll(async () => {
	await agent.stop();
	await agent[Symbol.asyncDispose]();
	for (const proxy of [door, link]) proxy[Symbol.dispose]();
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data });
	await coordinator[Symbol.asyncDispose]();
});

const countOf = (username: string, rows: string): number =>
	lookInto<{ n: number }>(
		coordinator.data,
		`SELECT count(*) AS n FROM ${rows} AND owner_seq = (SELECT seq FROM users WHERE username = ?)`,
		username,
	)[0]?.n ?? 0;

/** Lets the request through and cuts the first byte of its answer; true when the client saw nothing. */
const cutAnswer = async (act: () => Promise<unknown>): Promise<boolean> => {
	const cut = door.cutAfter(0, 'down');
	const seen = await act().then(
		() => 'answer',
		(error) => (error instanceof ApiRefusal ? 'refusal' : 'nothing'),
	);
	await cut;
	return seen === 'nothing';
};

test(`P6: ${ROUNDS} submits whose answer was cut have one effect each, said again under their key`, async () => {
	const anna = await coordinator.newUser('anna');
	const far = anna.at(door.url);
	for (let i = 0; i < ROUNDS; i++) {
		const headers = { 'idempotency-key': randomUUID() };
		const batch = { tasks: [{ type: 'noop', parameters: { echo: i } }, { type: 'noop' }] };
		const submit = () => far.post<{ ids: string[] }>('/tasks:batch', batch, headers);
		expect(await cutAnswer(submit)).toBe(true);
		const first = await submit();
		expect(await submit()).toEqual(first);
	}
	expect(countOf('anna', 'tasks WHERE true')).toBe(2 * ROUNDS);
	await allOver(anna);
});

/** What an honest client does that does not know whether its upload arrived: looks, and sends only what is missing. */
const finishAgain = async (near: Api, upload: TusUpload, content: Buffer): Promise<UploadAnswer | null> => {
	const offset = await upload.offset().catch((error) => {
		if (error instanceof ApiRefusal && [404, 410].includes(error.status)) return content.length;
		throw error;
	});
	return offset === content.length ? null : upload.seenBy(near).finish(content, offset);
};

test(`P6: ${ROUNDS} uploads whose last answer was cut are there once, with one set of tasks`, async (context) => {
	const random = seededRandom(context);
	const bert = await coordinator.newUser('bert');
	const far = bert.at(door.url);
	for (let i = 0; i < ROUNDS; i++) {
		const content = random.bytes(random.between(1, 50_000));
		const sha256 = createHash('sha256').update(content).digest('hex');
		const path = `/acks/${i}.bin`;
		if (i % 2 === 0) {
			const upload = await TusUpload.create(far, { path, size: content.length, sha256 });
			expect(await cutAnswer(() => upload.finish(content))).toBe(true);
			await finishAgain(bert, upload, content);
		} else {
			// A PUT says again what it wants: that nothing be there yet, or what is there is what it sends.
			const put = () => far.upload(path, content, { 'if-none-match': '*' });
			expect(await cutAnswer(put)).toBe(true);
			await put().catch((error) => expect(error).toMatchObject({ code: 'precondition-failed' }));
		}
		const { items } = await bert.get<{ items: FileDetail[] }>(`/files?folder=/acks&limit=1000`);
		const file = items.find((one) => one.path === path);
		expect(file, path).toMatchObject({ sha256, size: content.length, version: 1 });
		expect(file?.tasks.map(({ type }) => type).sort()).toEqual(['md5', 'mimetype']);
	}
	expect(countOf('bert', 'files JOIN file_versions v ON v.file_seq = files.seq WHERE true')).toBe(ROUNDS);
	expect(countOf('bert', 'tasks WHERE true')).toBe(2 * ROUNDS);
	expect(countOf('bert', `usage_records WHERE kind = 'upload'`)).toBe(ROUNDS);
	await allOver(bert);
});

test(`P6: ${ROUNDS} settlements whose acknowledgement was cut count once`, async () => {
	const cleo = await coordinator.newUser('cleo');
	using feed = await LiveFeed.open(cleo);
	let unheard = 0;
	agent.process.onLine((line) => {
		if (/settlements were not acknowledged/.test(line)) unheard += 1;
	});
	const ids: string[] = [];
	for (let i = 0; i < ROUNDS; i++) {
		const back = agent.process.nextLine(/taken this agent in/);
		const { id } = await cleo.post<{ id: string }>('/tasks', { type: 'noop', parameters: { sleepMs: 150 } });
		await feed.task(id, ['running', 'succeeded']);
		const cut = link.cutAfter(0, 'down');
		await cut;
		await feed.task(id);
		await back;
		ids.push(id);
	}
	for (const id of ids) {
		const task = await cleo.get<TaskDetail>(`/tasks/${id}`);
		expect(task.attempts.map(({ state }) => state)).toEqual(['succeeded']);
	}
	expect(unheard, 'the agent did not hear that they were taken').toBeGreaterThan(ROUNDS / 2);
	expect(countOf('cleo', `usage_records WHERE kind = 'attempt'`)).toBe(ROUNDS);
});

test('an attempt whose agent is killed between its work and its settlement is settled and metered once', async () => {
	const dora = await coordinator.newUser('dora');
	using feed = await LiveFeed.open(dora);
	const { id } = await dora.post<{ id: string }>('/tasks', {
		type: 'noop',
		parameters: { sleepMs: 3_000, echo: 'kept' },
	});
	await feed.task(id, ['running']);
	link.blackHole('up');
	const spool = () => readFileSync(join(agent.workDir, 'settlements.jsonl'), 'utf8');
	await waitFor('the work to be done and its settlement to be written down', () => spool().includes(id));
	await agent.kill();
	link.cutAll();
	link.heal();
	await agent.restart();
	expect(await feed.task(id)).toMatchObject({ state: 'succeeded', result: { echo: 'kept' } });
	const rows = lookInto<{ attempt: number; charged: number; wall_us: number }>(
		coordinator.data,
		'SELECT attempt, charged, wall_us FROM usage_records WHERE task_seq = (SELECT seq FROM tasks WHERE id = ?)',
		id,
	);
	expect(rows).toEqual([{ attempt: 1, charged: 1, wall_us: expect.any(Number) }]);
	expect(rows[0]?.wall_us).toBeGreaterThanOrEqual(3_000_000);
});
