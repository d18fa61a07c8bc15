import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { DatasetEntry, DatasetView } from '../../shared/protocol/dataset.ts';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import type { Api } from '../support/api.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { lookInto } from '../support/look-into.ts';
import { Millrace } from '../support/millrace.ts';
import { startAgent } from '../support/start-agent.ts';
import { startCoordinator } from '../support/start-coordinator.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { waitFor } from '../support/wait-for.ts';

const published = (api: Api, name: string, version: number) =>
	waitFor(`version ${version} of ${name}`, async () => {
		const view = await api.get<DatasetView>(`/datasets/${name}`);
		if (view.state === 'failed') throw new Error(view.reason ?? '');
		return view.version === version && view.state === 'ready' && view;
	});

test('tasks work on a dataset without copying, also on one that is deleted meanwhile', async () => {
	await using folder = new TempFolder();
	const root = folder.join('root');
	mkdirSync(`${root}/deep`, { recursive: true });
	await using coordinator = await startCoordinator({ args: ['--dataset-roots', root] });
	await using millrace = Millrace.of(coordinator);
	const { api, data } = coordinator;
	for (const name of ['one', 'two', 'deep/three']) await api.upload(`/numbers/${name}.txt`, `the number ${name}`);
	await api.post('/datasets', { name: 'numbers', title: 'Numbers', from: { folder: '/numbers' } });
	await published(api, 'numbers', 1);
	const blobs = () => lookInto(data, 'SELECT seq FROM blobs').length;
	const before = blobs();

	const ran = await millrace.run(['run', 'md5', 'dataset:numbers@1', '--json']);
	expect(ran).toMatchObject({ code: 0, stderr: '' });
	const { ids } = JSON.parse(ran.stdout) as { ids: string[] };
	expect(ids).toHaveLength(3);
	// Deleted while nothing of it has run: for nobody else it is there, for these it is.
	const open = await api.raw('DELETE', '/api/v1/datasets/numbers?confirm=numbers');
	expect([open.status, JSON.parse(String(open.body)).code]).toEqual([409, 'dataset-in-use']);
	await api.json('DELETE', '/datasets/numbers?confirm=numbers&force=true');
	const { items } = await api.get<{ items: { id: string; kind: 'file' | 'folder' }[] }>('/files?folder=/numbers');
	expect(items).toHaveLength(3);
	for (const { id, kind } of items) await api.json('DELETE', `/${kind}s/${id}?forever=true`);

	using feed = await LiveFeed.open(api);
	await using agent = await startAgent(coordinator);
	const done = await feed.tasks(ids);
	expect(done.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded']);
	const details = await Promise.all(ids.map((id) => api.get<TaskDetail>(`/tasks/${id}`)));
	const found = Object.fromEntries(details.map(({ inputs, result }) => [inputs[0]?.path, result]));
	const md5 = (name: string) => createHash('md5').update(`the number ${name}`).digest('hex');
	expect(found).toEqual({
		'/one.txt': expect.objectContaining({ md5: md5('one') }),
		'/two.txt': expect.objectContaining({ md5: md5('two') }),
		'/deep/three.txt': expect.objectContaining({ md5: md5('deep/three') }),
	});
	expect(blobs()).toBe(before);

	// Linked, its files are not even in the store: they are read where they lie.
	writeFileSync(`${root}/a.txt`, 'here at the top');
	writeFileSync(`${root}/deep/b.bin`, Buffer.alloc(300_000, 'deep'));
	const created = await millrace.run(['datasets', 'create', 'here', '--directory', root, '--link']);
	expect(created).toMatchObject({ code: 0, stderr: '' });
	await published(api, 'here', 1);
	const { items: linked } = await millrace.json<{ items: TaskDetail[] }>([
		'run',
		'md5',
		'dataset:here',
		'--each',
		'--wait',
	]);
	const sums = Object.fromEntries(linked.map(({ inputs, state, result }) => [inputs[0]?.path, [state, result?.md5]]));
	const md5Of = (content: string | Buffer) => createHash('md5').update(content).digest('hex');
	expect(sums).toEqual({
		'/a.txt': ['succeeded', md5Of('here at the top')],
		'/deep/b.bin': ['succeeded', md5Of(Buffer.alloc(300_000, 'deep'))],
	});
	expect(blobs()).toBe(before);
	writeFileSync(`${root}/a.txt`, 'something else');
	const changed = await api.raw('GET', '/api/v1/datasets/here/content/a.txt');
	expect([changed.status, JSON.parse(String(changed.body)).code]).toEqual([410, 'content-changed']);
	expect((await api.get<DatasetView>('/datasets/here')).reason).toContain('One file was changed');
	await agent[Symbol.asyncDispose]();
	await coordinator.stop();
	await checkInvariants({ data, settled: false });
});

test('a coordinator that is killed while it publishes has whole versions only', async () => {
	await using folder = new TempFolder();
	const root = folder.join('root');
	const content = (at: number, version: number) => `${at} of ${at % 7 === 0 ? version : 1}`;
	const write = (version: number) => {
		for (let at = 0; at < 150; at += 1) {
			mkdirSync(`${root}/${at % 9}`, { recursive: true });
			writeFileSync(`${root}/${at % 9}/${at}.txt`, content(at, version));
		}
	};
	const expected = (version: number) =>
		Array.from({ length: 150 }, (_, at) => {
			const sha256 = createHash('sha256').update(content(at, version)).digest('hex');
			return `${at % 9}/${at}.txt ${sha256}`;
		}).sort();
	await using coordinator = await startCoordinator({ args: ['--dataset-roots', root] });
	const { data } = coordinator;
	const entries = async (version: number) => {
		const { items } = await coordinator.api.get<{ items: DatasetEntry[] }>(
			`/datasets/many/entries?version=${version}&limit=1000`,
		);
		return items.map(({ path, sha256 }) => `${path} ${sha256}`).sort();
	};
	const killedInTheMiddle = async () => {
		await waitFor('a part that is prepared', () =>
			lookInto<{ files: number }>(data, 'SELECT files FROM dataset_publications').some(({ files }) => files > 0),
		);
		await coordinator.kill();
		expect(lookInto(data, 'SELECT * FROM dataset_publications')).toHaveLength(1);
	};

	write(1);
	const { api } = coordinator;
	await api.post('/admin/datasets', { name: 'many', title: 'Many', from: { directory: root } });
	await killedInTheMiddle();
	await coordinator.restart();
	await published(api, 'many', 1);
	expect(await entries(1)).toEqual(expected(1));

	write(2);
	await api.post('/admin/datasets/many:publish', { from: { directory: root } });
	await killedInTheMiddle();
	await coordinator.restart();
	// Until the next is whole, the one before is what there is.
	const seen = await api.get<DatasetView>('/datasets/many');
	expect(await entries(seen.version)).toEqual(expected(seen.version));
	await published(api, 'many', 2);
	expect([await entries(1), await entries(2)]).toEqual([expected(1), expected(2)]);
	expect(lookInto(data, `SELECT seq FROM dataset_entries WHERE added_in = 2`)).toHaveLength(22);
	await coordinator.stop();
	await checkInvariants({ data, settled: false });
});
