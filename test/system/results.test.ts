import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FolderEntry } from '../../shared/protocol/file.ts';
import type { ProvenanceView } from '../../shared/protocol/provenance.ts';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import { allOver } from '../support/all-over.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { History } from '../support/history.ts';
import { makeJpeg } from '../support/make-images.ts';
import { Millrace } from '../support/millrace.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { waitFor } from '../support/wait-for.ts';

let coordinator: RunningCoordinator;
let agent: RunningAgent;
let folder: TempFolder;
let millrace: Millrace;

beforeAll(async () => {
	coordinator = await startCoordinator();
	agent = await startAgent(coordinator, { concurrency: 2 });
	folder = new TempFolder();
	millrace = Millrace.of(coordinator);
});
afterAll(async () => {
	await millrace?.[Symbol.asyncDispose]();
	await folder?.[Symbol.asyncDispose]();
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
});

const names = async (path: string): Promise<string[]> => {
	const { items } = await coordinator.api.get<{ items: FolderEntry[] }>(`/files?folder=${path}`);
	return items.map(({ name }) => name);
};

test('a result is a file beside its picture, says how it was made, and is made again', async (context) => {
	const jpeg = await makeJpeg(seededRandom(context), { megapixels: 1 });
	const { file } = await coordinator.api.upload('/holiday/beach.jpg', jpeg);
	const run = ['run', 'resize', '/holiday/beach.jpg', '--width', '200', '--results', 'beside', '--wait'];
	const { items } = await millrace.json<{ items: TaskDetail[] }>(run);
	const [task] = items;
	const { width, height } = task?.result ?? {};
	expect(width).toBe(200);
	const name = `beach-200x${height}.jpg`;
	expect(await names('/holiday')).toEqual([name, 'beach.jpg']);
	expect(task?.filings).toMatchObject([{ name: 'resized.jpg', state: 'filed', version: 1, reason: null }]);
	expect(task).toMatchObject({ origin: { cause: 'demand' }, results: { place: 'beside', conflict: 'version' } });

	const made = await millrace.json<ProvenanceView>(['provenance', `/holiday/${name}`]);
	expect(made.made).toMatchObject({
		...{ task: task?.id, type: 'resize', inputCount: 1 },
		inputs: [{ file: file.id, version: 1, path: '/holiday/beach.jpg', sha256: file.sha256 }],
	});
	expect((await millrace.here(['provenance', '/holiday/beach.jpg'])).stdout).toContain(`made ${name}, version 1`);
	// A result is a file like any other: what is done to uploads is done to it.
	await allOver(coordinator.api);
	const shown = await coordinator.api.get<{ facts: { mimetype?: string }; thumbnail: unknown }>(`/files/${made.file}`);
	expect(shown.facts.mimetype).toBe('image/jpeg');
	expect(shown.thumbnail).not.toBeNull();

	const again = await millrace.json<TaskDetail>(['again', task?.id ?? '', '--wait']);
	expect(again).toMatchObject({ state: 'succeeded', origin: { cause: 'again' }, filings: [{ version: 2 }] });
	const other = await millrace.json<TaskDetail>(['again', task?.id ?? '', '--param', 'width=100', '--wait']);
	expect(other.result?.width).toBe(100);
	expect(await names('/holiday')).toHaveLength(3);
	const content = await coordinator.api.raw('GET', `/api/v1/content/holiday/${name}`);
	expect((await sharp(content.body).metadata()).width).toBe(200);
});

test('a result without a place stays with its task, which says why', async () => {
	await coordinator.api.upload('/in-the-way', 'a file');
	await coordinator.api.upload('/t.csv', 'a,b\n1,2\n');
	const run = ['run', 'csvprofile', '/t.csv', '--results', '/in-the-way/below', '--wait'];
	const { items } = await millrace.json<{ items: TaskDetail[] }>(run);
	expect(items[0]).toMatchObject({
		state: 'succeeded',
		outputs: [{ name: 'profile.json' }],
		filings: [{ name: 'profile.json', state: 'unfiled', file: null, reason: expect.stringContaining('is a file') }],
	});
	const shown = await millrace.here(['task', items[0]?.id ?? '']);
	expect(shown.stdout).toContain('profile.json  none: /in-the-way is a file.');
	await waitFor('a notice of it', async () => {
		const told = await coordinator.api.get<{ items: { kind: string; subject: string }[] }>('/notices');
		return told.items.some(({ kind, subject }) => kind === 'result-unfiled' && subject === items[0]?.id);
	});
	const file = ['task', items[0]?.id ?? '', '--file', '/profiles'];
	const filed = { filings: [{ name: 'profile.json', state: 'filed', version: 1, reason: null }] };
	expect(await millrace.json(file)).toMatchObject(filed);
	expect(await millrace.json(file)).toMatchObject(filed);
	expect(await names('/profiles')).toEqual(['t-profile.json']);
	const bad = await millrace.here(['run', 'csvprofile', '/t.csv', '--results', 'nonsense']);
	expect(bad.code).toBe(2);
	const unclear = coordinator.api.post('/tasks', { type: 'noop', results: { place: 'folder' } });
	await expect(unclear).rejects.toMatchObject({ status: 422 });
});

test('a folder of results is one archive, as long as was said', async () => {
	const { headers, body, status } = await coordinator.api.raw('GET', '/api/v1/archive?folder=/holiday');
	expect(status).toBe(200);
	expect(Number(headers['content-length'])).toBe(body.length);
	writeFileSync(folder.join('a.zip'), body);
	const told = String(execFileSync('unzip', ['-t', folder.join('a.zip')]));
	expect(told).toContain('beach.jpg');
	expect(told).toContain('No errors detected');
	const zip = folder.join('holiday.zip');
	expect((await millrace.here(['get', '/holiday', zip, '--zip'])).code).toBe(0);
	expect(readFileSync(zip).equals(body)).toBe(true);
});

test('what is chosen is one archive, for who chose it', async () => {
	const { items } = await coordinator.api.get<{ items: FolderEntry[] }>('/files?folder=/holiday');
	const files = items.flatMap(({ kind, id }) => (kind === 'file' ? [id] : []));
	const { url } = await coordinator.api.post<{ url: string }>('/archives', { files, folders: ['/profiles'] });
	const { body, status } = await coordinator.api.raw('GET', url);
	expect(status).toBe(200);
	writeFileSync(folder.join('chosen.zip'), body);
	const told = String(execFileSync('unzip', ['-t', folder.join('chosen.zip')]));
	for (const name of ['beach.jpg', 'profiles/t-profile.json', 'No errors detected']) expect(told).toContain(name);
});

test('outputs are filed once each, however often the coordinator dies', async () => {
	const KILLS = 2;
	const history = new History();
	await coordinator.api.upload('/killed/a.txt', 'one two three');
	const { items } = await coordinator.api.get<{ items: FolderEntry[] }>('/files?folder=/killed');
	const tasks = Array.from({ length: 60 }, (_, i) => ({
		type: 'checksum',
		inputs: [{ file: items[0]?.id }],
		results: { place: 'folder', folder: '/killed/sums', name: `sums ${i}.txt`, conflict: 'rename' },
	}));
	const answer = await history.submit(() => coordinator.api.post<{ ids: string[] }>('/tasks:batch', { tasks }));
	const filed = async () => (await names('/killed/sums&limit=1000').catch(() => [])).length;
	for (let i = 0; i < KILLS; i++) {
		// In the midst of it.
		await waitFor(`${8 * i + 1} files`, async () => (await filed()) > 8 * i);
		await coordinator.kill();
		await coordinator.restart();
	}
	await allOver(coordinator.api);
	const done = await Promise.all((answer?.ids ?? []).map((id) => coordinator.api.get<TaskDetail>(`/tasks/${id}`)));
	expect(done.every(({ state, filings }) => state === 'succeeded' && filings.length === 1)).toBe(true);
	expect((await names('/killed/sums&limit=1000')).sort()).toEqual(tasks.map(({ results }) => results.name).sort());
	await checkInvariants({ data: coordinator.data, history });
});
