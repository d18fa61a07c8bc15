import { afterAll, beforeAll, expect, test } from 'vitest';
import { allOver } from '../support/all-over.ts';
import type { Api } from '../support/api.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { DriveClient } from '../support/drive-client.ts';
import { hasLitmus, runLitmus } from '../support/litmus.ts';
import { lookInto } from '../support/look-into.ts';
import { makeJpeg } from '../support/make-images.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';

let coordinator: RunningCoordinator;
let agent: RunningAgent;
let anna: Api;
let drive: DriveClient;

beforeAll(async () => {
	coordinator = await startCoordinator();
	agent = await startAgent(coordinator, { concurrency: 4 });
	anna = await coordinator.newUser('anna');
	drive = await DriveClient.open(anna, 'anna');
});
afterAll(async () => {
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
});

test.skipIf(!hasLitmus)('litmus passes, twice, in one process', async () => {
	const { pid } = coordinator;
	for (const _ of [1, 2]) {
		expect(await runLitmus(drive, '/files')).toEqual({ passed: 104, of: 104, troubles: [] });
	}
	expect([coordinator.process.isRunning, coordinator.pid]).toEqual([true, pid]);
});

const read = async (path: string) => (await drive.raw('GET', path)).body.toString('utf8');

test('what is dropped into a recipe’s inbox is processed; the state stands beside it, and so do the results', async (context) => {
	await anna.post('/recipes', { name: 'Small', steps: [{ type: 'resize', parameters: { width: 16 } }] });
	expect(await drive.names('/files')).toContain('_inbox');
	expect(await drive.names('/files/_inbox')).toContain('Small');
	const jpeg = await makeJpeg(seededRandom(context), { megapixels: 0.01 });
	expect(await drive.status('PUT', '/files/_inbox/Small/cat.jpg', jpeg)).toBe(201);
	await allOver(anna);
	const names = await waitFor('the result to stand beside its input', async () => {
		const there = await drive.names('/files/_inbox/Small');
		return there.length >= 3 && there;
	});
	expect(names).toEqual(expect.arrayContaining(['cat.jpg', 'cat.jpg.status.txt']));
	const status = await read('/files/_inbox/Small/cat.jpg.status.txt');
	expect(status).toMatch(/done/i);
	expect(status).toContain(names.find((name) => !name.startsWith('cat.jpg')));

	const broken = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from('no picture')]);
	expect(await drive.status('PUT', '/files/_inbox/Small/broken.jpg', broken)).toBe(201);
	await allOver(anna);
	await waitFor('the failure to be told', async () =>
		/failed/i.test(await read('/files/_inbox/Small/broken.jpg.status.txt')),
	);
	expect(await drive.status('PUT', '/files/_inbox/Small/cat.jpg.status.txt', 'x')).toBe(403);
});

test('a lock outlives a kill; what was written under it is processed once, after it is given back', async () => {
	const token = await drive.lock('/files/report.txt');
	const held = { if: `(<${token}>)` };
	expect(await drive.status('PUT', '/files/report.txt', 'one', held)).toBeLessThan(300);
	await coordinator.kill();
	await coordinator.restart();
	expect(await drive.status('PUT', '/files/report.txt', 'another’s')).toBe(423);
	expect(await drive.status('PUT', '/files/report.txt', 'two', held)).toBeLessThan(300);
	const tasks = () =>
		lookInto<{ name: string; version: number; state: string }>(
			coordinator.data,
			`SELECT y.name, t.inputs ->> '$[0].version' AS version, t.state FROM tasks t JOIN task_types y ON y.seq = t.type_seq
			 WHERE t.inputs ->> '$[0].path' = '/report.txt' ORDER BY y.name`,
		);
	expect(tasks()).toEqual([]);
	expect(await drive.status('UNLOCK', '/files/report.txt', null, { 'lock-token': `<${token}>` })).toBe(204);
	await waitFor('its tasks to be made', () => tasks().length > 0);
	await allOver(anna);
	const done = { version: 3, state: 'succeeded' };
	expect(tasks()).toEqual([
		{ name: 'md5', ...done },
		{ name: 'mimetype', ...done },
	]);
});

test('a dataset is read and nothing of it is changed, by any method', async () => {
	const folder = '/datasets/sample-images';
	const [first = ''] = (await drive.names(`${folder}/shapes`)).filter((name) => name.includes('.'));
	const path = `${folder}/shapes/${first}`;
	const before = await drive.raw('GET', path);
	expect(before.status).toBe(200);
	const destination = drive.at('/files/stolen');
	const inside = drive.at(`${folder}/x`);
	for (const [method, body, headers] of [
		['PUT', 'x', {}],
		['DELETE', null, {}],
		['MOVE', null, { destination }],
		['LOCK', null, {}],
		[
			'PROPPATCH',
			'<D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><a xmlns="b">c</a></D:prop></D:set></D:propertyupdate>',
			{},
		],
	] as const) {
		const status = await drive.status(method, path, body, headers);
		expect([method, status === 207 ? (await drive.raw(method, path, body)).body.includes('403') : status]).toEqual([
			method,
			status === 207 ? true : 403,
		]);
	}
	expect(await drive.status('MKCOL', `${folder}/new`)).toBe(403);
	expect(await drive.status('PUT', `${folder}/new.txt`, 'x')).toBe(403);
	expect(await drive.status('PUT', '/files/mine.txt', 'mine')).toBe(201);
	for (const method of ['COPY', 'MOVE']) {
		expect(await drive.status(method, '/files/mine.txt', null, { destination: inside })).toBe(403);
	}
	expect((await drive.raw('GET', path)).body.equals(before.body)).toBe(true);
	expect(await drive.status('COPY', path, null, { destination: drive.at('/files/copied') })).toBe(201);
	expect((await drive.raw('GET', '/files/copied')).body.equals(before.body)).toBe(true);
});

test('a quota that is reached in the middle of a PUT leaves the old content', async () => {
	await coordinator.api.json('PUT', '/admin/service-classes/narrow', {
		...{ band: 5, weight: 1 },
		quotas: { storedBytes: 3_000_000 },
	});
	const ben = await coordinator.newUser('ben', 'user', 'narrow');
	const own = await DriveClient.open(ben, 'ben');
	expect(await own.status('PUT', '/files/a.bin', Buffer.alloc(1_000_000))).toBe(201);
	async function* pieces() {
		for (let at = 0; at < 30; at += 1) yield Buffer.alloc(100_000, 1);
	}
	const { Readable } = await import('node:stream');
	expect(await own.status('PUT', '/files/a.bin', Readable.from(pieces()))).toBe(507);
	const answer = await own.raw('GET', '/files/a.bin');
	expect([answer.status, answer.body.length]).toEqual([200, 1_000_000]);
});

test('in the end everything adds up', async () => {
	await agent.stop();
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data });
});
