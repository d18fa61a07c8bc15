import { mkdir, rm, writeFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { jobWishSchema } from '../../../../shared/protocol/job.ts';
import { serveRoutes } from '../../../../test/support/bare-routes.ts';
import { DatasetsRoom } from '../../../../test/support/datasets-room.ts';
import { settleOutputs } from '../../../../test/support/settle-outputs.ts';
import { SYSTEM } from '../../../audit/doer.ts';
import { ArchiveTickets } from '../../../files/archive-tickets.ts';
import { archiveRoutes } from './archive.ts';
import { datasetContentRoutes } from './dataset-content.ts';
import { datasetImportRoutes } from './dataset-imports.ts';
import { datasetRoutes } from './datasets.ts';

let room: DatasetsRoom;
let url: string;
let server: FastifyInstance;
beforeEach(async () => {
	room = await DatasetsRoom.open();
	const { datasets } = room;
	const rooms = { datasets, files: room.jobs.files, contents: room.contents };
	({ url, server } = await serveRoutes([
		...datasetRoutes(rooms),
		...datasetContentRoutes(rooms),
		...datasetImportRoutes(rooms),
		...archiveRoutes({ ...rooms, ...beside(room) }),
	]));
	await room.jobs.upload('/in/größe #1.txt', 'the content');
	await room.publish('sizes', '/in');
});
afterEach(async () => {
	server.server.closeAllConnections();
	await server.close();
	await room[Symbol.asyncDispose]();
});

const beside = ({ jobs }: DatasetsRoom) => ({
	blobs: jobs.files.blobs,
	jobs: jobs.processing.jobs,
	archiveTickets: new ArchiveTickets({ ledger: jobs.ledger, walkFrom: jobs.files.walkFrom.bind(jobs.files) }),
});

const ADA = { 'x-user': '1' };
const BOB = { 'x-user': '2' };
const ROOT = { 'x-user': '3', 'x-role': 'administrator' };
const PATH = '/api/v1/datasets/sizes';
const CONTENT = `${PATH}/content/${encodeURIComponent('größe #1.txt')}`;

const call = async (method: string, path: string, headers: Record<string, string>, body?: unknown) => {
	const json = body === undefined ? {} : { 'content-type': 'application/json' };
	const answer = await fetch(url + path, {
		method,
		headers: { ...headers, ...json },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	const text = await answer.text();
	const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
	return { status: answer.status, text, json: isJson ? JSON.parse(text) : null, headers: answer.headers };
};

it('gives content whole, by range and by version, as a download only', async () => {
	const whole = await call('GET', `${CONTENT}?version=1`, ADA);
	expect([whole.status, whole.text]).toEqual([200, 'the content']);
	expect(whole.headers.get('content-disposition')).toContain('attachment');
	const part = await call('GET', CONTENT, { ...ADA, range: 'bytes=4-6' });
	expect([part.status, part.text, part.headers.get('content-range')]).toEqual([206, 'con', 'bytes 4-6/11']);
	const head = await call('HEAD', CONTENT, ADA);
	expect([head.status, head.text, head.headers.get('content-length')]).toEqual([200, '', '11']);
	expect((await call('GET', `${CONTENT}?version=2`, ADA)).json.code).toBe('not-found');
	expect((await call('GET', `${PATH}/content/other`, ADA)).json.code).toBe('not-found');
	expect((await call('GET', CONTENT, BOB)).json.code).toBe('not-found');
});

it('is not there for others, and is changed by owner and administrator only', async () => {
	expect((await call('GET', PATH, BOB)).json.code).toBe('not-found');
	expect((await call('PUT', `${PATH}/grants`, ADA, { everyone: true })).json.code).toBe('forbidden');
	expect((await call('PUT', `${PATH}/grants`, ROOT, { everyone: true })).status).toBe(200);
	expect((await call('GET', PATH, BOB)).json).toMatchObject({ name: 'sizes', version: 1, everyone: true });
	for (const [method, path, body] of [
		['PATCH', PATH, { title: 'mine' }],
		['PUT', `${PATH}/grants`, {}],
		['GET', `${PATH}/grants`, undefined],
		['POST', `${PATH}:publish`, { from: { folder: '/' } }],
		['DELETE', `${PATH}?confirm=sizes`, undefined],
	] as const) {
		expect((await call(method, path, BOB, body)).json.code, `${method} ${path}`).toBe('forbidden');
	}
	const stale = await call('PATCH', PATH, { ...ADA, 'if-match': '"77"' }, { title: 'Sizes' });
	expect(stale.json.code).toBe('precondition-failed');
	const { headers } = await call('GET', PATH, ADA);
	const changed = await call('PATCH', PATH, { ...ADA, 'if-match': headers.get('etag') ?? '' }, { title: 'Sizes' });
	expect(changed.json.title).toBe('Sizes');
});

it('goes when its name is given once more', async () => {
	expect((await call('DELETE', PATH, ADA)).json.code).toBe('confirmation-needed');
	expect((await call('DELETE', `${PATH}?confirm=size`, ADA)).json.code).toBe('confirmation-needed');
	expect((await call('DELETE', `${PATH}?confirm=sizes`, ADA)).status).toBe(204);
	expect((await call('GET', PATH, ADA)).json.code).toBe('not-found');
});

it('takes new ones and new versions; directories of the machine from administrators only', async () => {
	const about = { name: 'empty', title: 'Empty' };
	const made = await call('POST', '/api/v1/datasets', ADA, { ...about, from: { empty: true } });
	expect(made).toMatchObject({ status: 201, json: { state: 'ready', version: 0, owner: { username: 'ada' } } });
	const again = await call('POST', '/api/v1/datasets', BOB, { ...about, from: { empty: true } });
	expect(again.json.code).toBe('name-taken');
	const next = await call('POST', '/api/v1/datasets/empty:publish', ADA, { from: { folder: '/in' } });
	expect([next.status, next.json.state]).toEqual([202, 'importing']);
	await room.settled();
	expect((await call('GET', '/api/v1/datasets/empty/versions', ADA)).json.items).toMatchObject([
		{ version: 1, files: 1 },
	]);
	const directory = { ...about, name: 'x', from: { directory: '/etc' }, mode: 'link' };
	expect((await call('POST', '/api/v1/datasets', ADA, directory)).json.code).toBe('invalid');
	expect((await call('POST', '/api/v1/admin/datasets', ADA, directory)).json.code).toBe('forbidden');
	expect((await call('POST', '/api/v1/admin/datasets', ROOT, directory)).json.code).toBe('invalid');
});

it('gives a version as an archive, to those who may read it and have accepted its licence', async () => {
	const { jobs } = room;
	await jobs.upload('/in/deep/er/a.txt', 'deep');
	await room.publishNext('sizes', '/in');
	const zip = '/api/v1/archive?dataset=sizes';
	const whole = await call('GET', zip, ADA);
	expect(whole.status).toBe(200);
	expect(whole.headers.get('content-disposition')).toContain('sizes-2.zip');
	expect(Number(whole.headers.get('content-length'))).toBeGreaterThan(100);
	for (const name of ['größe #1.txt', 'deep/', 'deep/er/', 'deep/er/a.txt']) expect(whole.text).toContain(name);
	const first = await call('GET', `${zip}&version=1`, ADA);
	expect([first.text.includes('größe'), first.text.includes('deep')]).toEqual([true, false]);
	const part = await call('GET', `${zip}&under=deep`, ADA);
	expect([part.text.includes('er/a.txt'), part.text.includes('größe'), part.text.includes('deep/er')]).toEqual([
		true,
		false,
		false,
	]);
	expect((await call('GET', `${zip}&under=nowhere`, ADA)).json.code).toBe('not-found');
	expect((await call('GET', `${zip}&version=3`, ADA)).json.code).toBe('not-found');
	expect((await call('GET', zip, BOB)).json.code).toBe('not-found');
	await call('PUT', `${PATH}/grants`, ROOT, { everyone: true });
	expect((await call('GET', zip, BOB)).status).toBe(200);
	await call('PATCH', PATH, ADA, { licence: { name: 'House rules', text: 'Be kind.' } });
	expect((await call('GET', zip, BOB)).json.code).toBe('licence-not-accepted');
});

it('gives a job’s results to its owner only', async () => {
	const { jobs } = room;
	const { file } = await jobs.upload('/in/a.txt', 'a');
	const wish = jobWishSchema.parse({ steps: [{ type: 'md5' }], over: { files: [file.id] } });
	const demand = { ownerSeq: 1, cause: 'demand', scheduleSeq: null, triggerSeq: null } as const;
	const { id } = await jobs.processing.jobs.start(demand, wish, null, SYSTEM);
	const zip = `/api/v1/archive?job=${id}`;
	expect((await call('GET', zip, ADA)).json.detail).toContain('brought nothing yet');
	const seq = jobs.count('SELECT max(seq) FROM tasks WHERE job_seq IS NOT NULL');
	await settleOutputs(jobs, seq, { outputs: { 'sum.txt': Buffer.from('of a') } });
	const whole = await call('GET', zip, ADA);
	expect([whole.status, whole.text.includes('a-sum.txt')]).toEqual([200, true]);
	expect((await call('GET', zip, BOB)).json.code).toBe('not-found');
	// Not even to who may see and steer it.
	expect((await call('GET', zip, ROOT)).json.code).toBe('not-found');
});

it('gives what is linked from where it lies, until it is changed there', async () => {
	const root = room.jobs.folder.join('roots/here');
	await mkdir(root, { recursive: true });
	await writeFile(`${root}/a.txt`, 'the linked one');
	await writeFile(`${root}/b.txt`, 'and another');
	const wish = { name: 'here', title: 'Here', from: { directory: root }, mode: 'link' };
	const made = await call('POST', '/api/v1/admin/datasets', ROOT, wish);
	expect([made.status, made.json.kind]).toEqual([201, 'linked']);
	await room.settled();
	const content = '/api/v1/datasets/here/content/a.txt';
	const part = await call('GET', content, { ...ROOT, range: 'bytes=4-6' });
	expect([part.status, part.text, part.headers.get('content-range')]).toEqual([206, 'lin', 'bytes 4-6/14']);
	expect((await call('GET', '/api/v1/archive?dataset=here', ROOT)).text).toContain('the linked one');
	await writeFile(`${root}/a.txt`, 'another content');
	expect(await call('GET', content, ROOT)).toMatchObject({ status: 410, json: { code: 'content-changed' } });
	await rm(root, { recursive: true });
	const other = content.replace('a.txt', 'b.txt');
	expect(await call('GET', other, ROOT)).toMatchObject({ status: 503, json: { code: 'directory-missing' } });
	const { reason } = (await call('GET', '/api/v1/datasets/here', ROOT)).json;
	expect(reason).toContain('mount it again');
	expect(reason).not.toContain(root);
});

it('lists a folder of it, shows harmless content inline when that is asked for, and is shared by names', async () => {
	const folder = await call('GET', `${PATH}/folder?limit=10`, ADA);
	expect(folder.json).toMatchObject({ items: [{ kind: 'file', name: 'größe #1.txt', size: 11 }], nextCursor: null });
	room.jobs.db.exec(`UPDATE dataset_entries SET media_type = 'text/plain'`);
	const shown = await call('GET', `${CONTENT}?inline=true`, ADA);
	expect([shown.headers.get('content-type'), shown.headers.get('content-disposition')]).toEqual([
		'text/plain; charset=utf-8',
		expect.stringContaining('inline'),
	]);
	room.jobs.db.exec(`UPDATE dataset_entries SET media_type = 'text/html'`);
	const html = await call('GET', `${CONTENT}?inline=true`, ADA);
	expect(html.headers.get('content-disposition')).toContain('attachment');

	const shares = await call('PUT', `${PATH}/grants`, ADA, { users: ['Bob', 'usr_b'] });
	expect(shares.json).toEqual({ everyone: false, users: ['usr_b'], groups: [], names: { usr_b: 'bob' } });
	expect((await call('GET', PATH, BOB)).json).toMatchObject({ name: 'sizes', publishing: null });
	const nobody = await call('PUT', `${PATH}/grants`, ADA, { users: ['nobody'] });
	expect([nobody.json.code, nobody.json.detail]).toEqual(['invalid', 'nobody is not there.']);
	expect((await call('GET', `${PATH}/grants`, ADA)).json.users).toEqual(['usr_b']);
});
