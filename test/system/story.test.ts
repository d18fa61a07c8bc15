import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { FileDetail } from '../../shared/protocol/file.ts';
import type { NodeView } from '../../shared/protocol/node.ts';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import { allOver } from '../support/all-over.ts';
import type { Api } from '../support/api.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { History } from '../support/history.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { lookInto } from '../support/look-into.ts';
import { makeJpeg } from '../support/make-images.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { hasOpenssl, makeCertificate } from '../support/test-certificate.ts';
import { TusUpload } from '../support/tus-upload.ts';
import { WebStandIn } from '../support/web-stand-in.ts';
import { XStandIn } from '../support/x-stand-in.ts';
import { aRecipeRunsOnUpload, aTopicIsGathered, type ProcessingCast, resultsAreDownloaded } from './processing-acts.ts';

const ON_IMAGE = ['md5', 'mimetype', 'thumbnail'];

/** Those who take part. */
interface Cast extends ProcessingCast {
	coordinator: RunningCoordinator;
	history: History;
}

const detail = (api: Api, id: string) => api.get<TaskDetail>(`/tasks/${id}`);
const details = async (api: Api, ids: readonly string[]) => {
	const found: TaskDetail[] = [];
	// One person may have only so many requests under way.
	for (let at = 0; at < ids.length; at += 50) {
		found.push(...(await Promise.all(ids.slice(at, at + 50).map((id) => detail(api, id)))));
	}
	return found;
};
const nodesOf = (tasks: readonly TaskDetail[]) => tasks.map(({ attempts }) => attempts.at(-1)?.node);

/** Facts and thumbnail of an image that was uploaded in whatever way, once its tasks have run. */
const imageIsProcessed = async (
	{ anna, feed }: Cast,
	answer: { file: { id: string }; tasks: readonly { id: string; type: string }[] },
	jpeg: Buffer,
) => {
	expect(answer.tasks.map(({ type }) => type).sort()).toEqual(ON_IMAGE);
	const done = await feed.tasks(answer.tasks.map(({ id }) => id));
	expect(done.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded']);
	const file = await anna.get<FileDetail>(`/files/${answer.file.id}`);
	// Facts are what the file says; people see it turned as its camera was.
	const { width, height, orientation, autoOrient: upright } = await sharp(jpeg).metadata();
	expect(file.facts).toMatchObject({
		md5: createHash('md5').update(jpeg).digest('hex'),
		mimetype: 'image/jpeg',
		width,
		height,
		orientation,
	});
	expect(file.tasks.map(({ id }) => id).sort()).toEqual(answer.tasks.map(({ id }) => id).sort());
	expect(file.thumbnail).not.toBeNull();
	const thumbnail = await anna.raw('GET', file.thumbnail?.url ?? '');
	expect(thumbnail.status).toBe(200);
	const small = await sharp(thumbnail.body).metadata();
	expect(small).toMatchObject({ format: 'jpeg' });
	expect(small.width).toBeLessThanOrEqual(120);
	expect(small.height).toBeLessThanOrEqual(210);
	expect(small.width / small.height).toBeCloseTo(upright.width / upright.height, 1);
	return file;
};

const anImageIsUploaded = async (cast: Cast) => {
	const { anna, feed, history, random } = cast;
	// Taken with the camera on its side.
	const jpeg = await makeJpeg(random, { orientation: 6 });
	const answer = await history.upload(() => anna.upload('/holiday/beach.jpg', jpeg));
	if (!answer) throw new Error(`the upload failed: ${JSON.stringify(history.entries)}`);
	expect(answer.file).toMatchObject({ path: '/holiday/beach.jpg', size: jpeg.length, version: 1 });
	const file = await imageIsProcessed(cast, answer, jpeg);
	for (const { id } of answer.tasks) {
		const heard = feed.patches.flatMap((patch) => (patch.kind === 'task' && patch.id === id ? [patch.state] : []));
		expect(heard, 'its end was heard live').toContain('succeeded');
	}
	expect(feed.patches.some((patch) => patch.kind === 'file' && patch.id === file.id)).toBe(true);
	return file;
};

const theSameThroughTus = async (cast: Cast) => {
	const { anna, history, random } = cast;
	const jpeg = await makeJpeg(random);
	const sha256 = createHash('sha256').update(jpeg).digest('hex');
	const upload = await TusUpload.create(anna, { path: '/holiday/dunes.jpg', size: jpeg.length, sha256 });
	const answer = await history.upload(() => upload.finish(jpeg));
	if (!answer) throw new Error(`the upload failed: ${JSON.stringify(history.entries)}`);
	expect(answer.file).toMatchObject({ path: '/holiday/dunes.jpg', size: jpeg.length, sha256, version: 1 });
	await imageIsProcessed(cast, answer, jpeg);
};

const aBetterQueueOvertakes = async ({ coordinator, anna, feed, history }: Cast, file: FileDetail) => {
	for (const queue of ['normal', 'priority']) await coordinator.api.post(`/admin/queues/${queue}:pause`);
	const tasks = Array.from({ length: 200 }, () => ({ type: 'noop', parameters: { sleepMs: 15 } }));
	const crowd = await history.submit(() => anna.post<{ ids: string[] }>('/tasks:batch', { tasks }));
	const colleague = await history.submit(() =>
		anna.post<{ id: string }>('/tasks', {
			type: 'thumbnail',
			inputs: [{ file: file.id }],
			routingKey: 'priority.thumbnail',
		}),
	);
	if (!crowd || !colleague) throw new Error('not submitted');
	expect((await detail(anna, colleague.id)).waitingBecause).toMatch(/Queue priority is paused/);
	for (const queue of ['normal', 'priority']) await coordinator.api.post(`/admin/queues/${queue}:resume`);
	expect(await feed.task(colleague.id)).toMatchObject({ state: 'succeeded', queue: 'priority' });
	await allOver(anna);
	const startedAt = Date.parse((await detail(anna, colleague.id)).startedAt ?? '');
	const behind = (await details(anna, crowd.ids)).filter((task) => Date.parse(task.startedAt ?? '') >= startedAt);
	expect(behind.length).toBeGreaterThan(150);
};

const theCaptureCardTakesOneAtATime = async ({ anna, feed, history }: Cast) => {
	const tasks = Array.from({ length: 4 }, () => ({
		type: 'noop',
		parameters: { sleepMs: 60 },
		routingKey: 'hardware.noop',
	}));
	const batch = await history.submit(() => anna.post<{ ids: string[] }>('/tasks:batch', { tasks }));
	await feed.tasks(batch?.ids ?? []);
	const done = await details(anna, batch?.ids ?? []);
	expect(nodesOf(done)).toEqual(['capture', 'capture', 'capture', 'capture']);
	const spans = done
		.map(({ attempts }) => ({ from: attempts[0]?.startedAt ?? '', to: attempts[0]?.finishedAt ?? '' }))
		.sort((a, b) => a.from.localeCompare(b.from));
	for (const [i, { from }] of spans.entries()) {
		if (i > 0) expect(Date.parse(from)).toBeGreaterThanOrEqual(Date.parse(spans[i - 1]?.to ?? ''));
	}
};

const aNewNodeJoinsWhenWorkPilesUp = async ({ coordinator, anna, history }: Cast) => {
	const tasks = Array.from({ length: 80 }, () => ({ type: 'noop', parameters: { sleepMs: 150 } }));
	const submit = () => history.submit(() => anna.post<{ ids: string[] }>('/tasks:batch', { tasks }));
	const batch = await submit();
	const token = await coordinator.nodeTokenByCommand(['--uses', '1']);
	const helper = await startAgent(coordinator, { name: 'helper', token, queues: ['normal'], concurrency: 2 });
	// On a busy machine the first lot may be done before the helper has come.
	const more = await submit();
	await allOver(anna);
	const names = nodesOf(await details(anna, [...(batch?.ids ?? []), ...(more?.ids ?? [])]));
	expect(new Set(names)).toEqual(new Set(['general', 'helper']));
	const { items } = await coordinator.api.get<{ items: NodeView[] }>('/admin/nodes');
	expect(items.map(({ name, state }) => `${name} ${state}`).sort()).toEqual([
		'capture online',
		'general online',
		'helper online',
	]);
	return helper;
};

const everySecondIsAccountedFor = async ({ coordinator, anna }: Cast) => {
	const { total } = await anna.get<{ total: Record<string, number> }>('/usage');
	const { id } = await anna.get<{ id: string }>('/me');
	const [attempts] = lookInto<Record<string, number>>(
		coordinator.data,
		`SELECT count(DISTINCT u.task_seq) AS tasks, sum(u.wall_us) / 1000.0 AS wallMs,
		   sum(u.user_us + u.system_us) / 1000.0 AS cpuMs
		 FROM usage_records u JOIN attempts a ON a.task_seq = u.task_seq AND a.number = u.attempt
		 WHERE u.owner_seq = (SELECT seq FROM users WHERE id = ?)`,
		id,
	);
	expect(total.tasks).toBe(attempts?.tasks);
	expect(total.cpuMs).toBeCloseTo(attempts?.cpuMs ?? -1, 3);
	// Uploads are metered beside the attempts.
	const items = (await anna.get<{ items: { what: string; wallMs: number }[] }>('/usage')).items;
	const transfers = items.filter(({ what }) => what === 'upload' || what === 'download');
	const transferMs = transfers.reduce((sum, { wallMs }) => sum + wallMs, 0);
	expect(total.wallMs).toBeCloseTo((attempts?.wallMs ?? -1) + transferMs, 3);
	const page = await anna.get<{ items: { id: string }[]; nextCursor: string | null }>('/tasks?limit=1000');
	expect(page.nextCursor).toBeNull();
	const tasks = await details(
		anna,
		page.items.map((task) => task.id),
	);
	const wallMs = tasks.reduce((sum, { usage }) => sum + usage.wallMs, 0);
	expect(wallMs).toBeCloseTo(attempts?.wallMs ?? -1, 3);
	// To the last millionth: what tasks cost is what the sums say, and what the records' prices give.
	expect(total.amountMicro).toBe(tasks.reduce((sum, { amountMicro }) => sum + amountMicro, 0));
	expect(total.amountMicro).toBeGreaterThanOrEqual(3 * tasks.length);
	expect(await coordinator.api.post('/admin/usage:verify')).toMatchObject({ ok: true, difference: null });
};

const whatNothingCanRunSaysWhy = async ({ coordinator, anna, history }: Cast) => {
	await coordinator.api.post('/admin/queues', { name: 'moon', bindingKeys: ['moon.#'] });
	const submit = (routingKey: string) =>
		history.submit(() => anna.post<{ id: string }>('/tasks', { type: 'noop', routingKey }));
	const unserved = (await submit('moon.noop'))?.id ?? '';
	const unbound = (await submit('nowhere.noop'))?.id ?? '';
	const [a, b] = await details(anna, [unserved, unbound]);
	expect(a).toMatchObject({ state: 'queued', queue: 'moon' });
	expect(a?.waitingBecause).toMatch(/No node that takes work serves queue moon.*a node that serves moon joins/);
	expect(b).toMatchObject({ state: 'queued', queue: null });
	expect(b?.waitingBecause).toMatch(/No queue takes tasks with the routing key nowhere\.noop/);
	for (const id of [unserved, unbound]) await anna.post(`/tasks/${id}:cancel`);
	expect((await details(anna, [unserved, unbound])).map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
};

test.skipIf(!hasOpenssl)('the story that must always work (needs openssl)', async (context) => {
	await using folder = new TempFolder();
	const certificate = makeCertificate(folder);
	await using x = await XStandIn.start(certificate);
	await using web = await WebStandIn.start();
	await using coordinator = await startCoordinator({ env: { MILLRACE_EGRESS_ALLOW: web.host } });
	await using capture = await startAgent(coordinator, {
		name: 'capture',
		queues: ['hardware'],
		hardware: ['capture-card=1'],
		concurrency: 1,
	});
	await using general = await startAgent(coordinator, {
		name: 'general',
		queues: ['normal', 'priority'],
		concurrency: 2,
		args: ['--egress-allow', x.host, '--x-api', x.url],
		env: { NODE_EXTRA_CA_CERTS: certificate.certFile },
	});
	expect(capture.workDir).not.toBe(general.workDir);
	await coordinator.api.post('/admin/price-book', { prices: { attempt: 3, cpuSecond: 1_000 } });
	const anna = await coordinator.newUser('anna');
	using feed = await LiveFeed.open(anna);
	const cast = { coordinator, anna, feed, history: new History(), random: seededRandom(context), x, web };

	const file = await anImageIsUploaded(cast);
	await theSameThroughTus(cast);
	const recipe = await aRecipeRunsOnUpload(cast);
	await aTopicIsGathered(cast);
	await resultsAreDownloaded(cast, recipe);
	await aBetterQueueOvertakes(cast, file);
	await theCaptureCardTakesOneAtATime(cast);
	await using helper = await aNewNodeJoinsWhenWorkPilesUp(cast);
	await everySecondIsAccountedFor(cast);
	await whatNothingCanRunSaysWhy(cast);

	for (const agent of [capture, general, helper]) expect(await agent.stop()).toEqual({ code: 0, signal: null });
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data, history: cast.history });
});
