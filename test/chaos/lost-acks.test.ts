import { createHash, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { FileDetail, UploadAnswer } from '../../shared/protocol/file.ts';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import { allOver } from '../support/all-over.ts';
import { type Api, ApiRefusal } from '../support/api.ts';
import { rounds } from '../support/chaos-length.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { lookInto } from '../support/look-into.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { startAgent } from '../support/start-agent.ts';
import { startCoordinator } from '../support/start-coordinator.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { TusUpload } from '../support/tus-upload.ts';

const ROUNDS = rounds(6, 100);

/** Lets the request through and cuts the first byte of its answer; true when the client saw nothing. */
const cutAnswer = async (proxy: TcpProxy, act: () => Promise<unknown>): Promise<boolean> => {
	const cut = proxy.cutAfter(0, 'down');
	const seen = await act().then(
		() => 'answer',
		(error) => (error instanceof ApiRefusal ? 'refusal' : 'nothing'),
	);
	await cut;
	return seen === 'nothing';
};

test(`P6: ${ROUNDS} submits whose answer was cut have one effect each, said again under their key`, async () => {
	await using coordinator = await startCoordinator();
	using proxy = await TcpProxy.listen({ port: coordinator.port });
	const anna = await coordinator.newUser('anna');
	const far = anna.at(proxy.url);
	for (let i = 0; i < ROUNDS; i++) {
		const headers = { 'idempotency-key': randomUUID() };
		const batch = { tasks: [{ type: 'noop', parameters: { echo: i } }, { type: 'noop' }] };
		const submit = () => far.post<{ ids: string[] }>('/tasks:batch', batch, headers);
		expect(await cutAnswer(proxy, submit)).toBe(true);
		const first = await submit();
		expect(await submit()).toEqual(first);
	}
	expect(lookInto(coordinator.data, 'SELECT count(*) AS n FROM tasks')).toEqual([{ n: 2 * ROUNDS }]);
	await using agent = await startAgent(coordinator);
	await allOver(anna);
	await agent.stop();
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data });
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
	await using coordinator = await startCoordinator();
	using proxy = await TcpProxy.listen({ port: coordinator.port });
	const anna = await coordinator.newUser('anna');
	const far = anna.at(proxy.url);
	for (let i = 0; i < ROUNDS; i++) {
		const content = random.bytes(random.between(1, 50_000));
		const sha256 = createHash('sha256').update(content).digest('hex');
		const path = `/acks/${i}.bin`;
		if (i % 2 === 0) {
			const upload = await TusUpload.create(far, { path, size: content.length, sha256 });
			expect(await cutAnswer(proxy, () => upload.finish(content))).toBe(true);
			await finishAgain(anna, upload, content);
		} else {
			// A PUT says again what it wants: that nothing be there yet, or what is there is what it sends.
			const put = () => far.upload(path, content, { 'if-none-match': '*' });
			expect(await cutAnswer(proxy, put)).toBe(true);
			await put().catch((error) => expect(error).toMatchObject({ code: 'precondition-failed' }));
		}
		const { items } = await anna.get<{ items: FileDetail[] }>(`/files?folder=/acks&limit=1000`);
		const file = items.find((one) => one.path === path);
		expect(file, path).toMatchObject({ sha256, size: content.length, version: 1 });
		expect(file?.tasks.map(({ type }) => type).sort()).toEqual(['md5', 'mimetype']);
	}
	const rows = `SELECT (SELECT count(*) FROM file_versions) AS versions, (SELECT count(*) FROM tasks) AS tasks,
		(SELECT count(*) FROM usage_records WHERE kind = 'upload') AS metered`;
	expect(lookInto(coordinator.data, rows)).toEqual([{ versions: ROUNDS, tasks: 2 * ROUNDS, metered: ROUNDS }]);
	await using agent = await startAgent(coordinator);
	await allOver(anna);
	await agent.stop();
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data });
});

test(`P6: ${ROUNDS} settlements whose acknowledgement was cut count once`, async () => {
	// Nothing else comes down the link while a task runs: heartbeats are far apart.
	await using coordinator = await startCoordinator({ env: { MILLRACE_LEASE: '120', MILLRACE_HEARTBEAT: '60' } });
	using proxy = await TcpProxy.listen({ port: coordinator.port });
	const anna = await coordinator.newUser('anna');
	using feed = await LiveFeed.open(anna);
	await using agent = await startAgent(coordinator, { url: proxy.url, concurrency: 1 });
	let unheard = 0;
	agent.process.onLine((line) => {
		if (/settlements were not acknowledged/.test(line)) unheard += 1;
	});
	const ids: string[] = [];
	for (let i = 0; i < ROUNDS; i++) {
		const back = agent.process.nextLine(/taken this agent in/);
		const { id } = await anna.post<{ id: string }>('/tasks', { type: 'noop', parameters: { sleepMs: 150 } });
		await feed.task(id, ['running', 'succeeded']);
		const cut = proxy.cutAfter(0, 'down');
		await cut;
		await feed.task(id);
		await back;
		ids.push(id);
	}
	await agent.stop();
	for (const id of ids) {
		const task = await anna.get<TaskDetail>(`/tasks/${id}`);
		expect(task.attempts.map(({ state }) => state)).toEqual(['succeeded']);
	}
	expect(unheard, 'the agent did not hear that they were taken').toBeGreaterThan(ROUNDS / 2);
	expect(lookInto(coordinator.data, `SELECT count(*) AS n FROM usage_records WHERE kind = 'attempt'`)).toEqual([
		{ n: ROUNDS },
	]);
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data });
});
