import { describe, expect, test } from 'vitest';
import { BUILT_IN_TASK_TYPES } from '../../shared/protocol/built-in-task-types.ts';
import { commandLineStage } from '../../test/support/command-line-stage.ts';
import { standInId } from '../../test/support/stand-in-id.ts';
import { readDatasetTarget } from './remote/dataset-target.ts';

const stage = commandLineStage();
const id = standInId('dts');
const dataset = {
	...{
		id,
		name: 'birds',
		title: 'Birds',
		description: '',
		owner: null,
		version: 2,
		files: 2,
		bytes: 5,
		state: 'ready',
	},
	licence: { name: 'House rules', text: 'Be kind.', version: 3, accepted: false },
	...{ reason: null, everyone: true, revision: 1 },
	createdAt: '2026-03-01T08:00:00.000Z',
	updatedAt: '2026-03-01T08:00:00.000Z',
};

describe('what names a dataset', () => {
	test.each([
		['dataset:birds', { name: 'birds', path: '', version: null }],
		['dataset:birds@2', { name: 'birds', path: '', version: 2 }],
		['dataset:birds/may/', { name: 'birds', path: 'may', version: null }],
		['dataset:birds/a@b.txt@12', { name: 'birds', path: 'a@b.txt', version: 12 }],
		['birds/a@b.txt', { name: 'birds', path: 'a@b.txt', version: null }],
	])('%s', (text, target) => {
		expect(readDatasetTarget(text)).toEqual(target);
	});

	test('is refused when it can be none', () => {
		for (const text of ['dataset:', 'dataset:/a', 'dataset:Big', 'dataset:a_b']) {
			expect(() => readDatasetTarget(text), text).toThrow('names no dataset');
		}
	});
});

test('a task runs on every file of a folder of the newest version, as it is now', async () => {
	const entry = (path: string) => ({ path, size: 1, sha256: 'a'.repeat(64), mediaType: null, addedIn: 1 });
	stage.answer('GET /api/v1/datasets/birds', 200, () => dataset);
	stage.answer(`HEAD /api/v1/datasets/${id}/content/may`, 404, () => ({}));
	stage.answer(`GET /api/v1/datasets/${id}/entries`, 200, () => ({
		items: [entry('may/robin'), entry('may/wren')],
		nextCursor: null,
	}));
	const type = BUILT_IN_TASK_TYPES.find(({ name }) => name === 'md5');
	stage.answer('GET /api/v1/task-types', 200, () => ({ items: [{ ...type, version: 1 }], nextCursor: null }));
	stage.answer('POST /api/v1/tasks:batch', 202, () => ({ ids: [standInId('tsk'), standInId('tsk')] }));
	const ran = await stage.run(['run', 'md5', 'dataset:birds/may']);
	expect(ran.stderr).toBe('');
	const [, body] = stage.sent.at(-1) as [string, { tasks: { inputs: unknown[] }[] }];
	expect(body.tasks.map(({ inputs }) => inputs)).toEqual([
		[{ dataset: id, path: 'may/robin', version: 2 }],
		[{ dataset: id, path: 'may/wren', version: 2 }],
	]);
});

test('a licence is shown before it is accepted, and nobody accepts it by chance', async () => {
	stage.answer('GET /api/v1/datasets/birds', 200, () => dataset);
	stage.answer('POST /api/v1/datasets/birds:accept', 200, () => dataset);
	const asked = await stage.run(['datasets', 'accept', 'birds']);
	expect(asked.code).not.toBe(0);
	expect(asked.stderr).toContain('--yes');
	const ran = await stage.run(['datasets', 'accept', 'birds', '--yes']);
	expect(ran.stdout).toContain('Be kind.');
	expect(stage.sent.at(-1)).toEqual(['POST /api/v1/datasets/birds:accept', { licenceVersion: 3 }]);
});

test('the list says what one has to do before use; --json is the answer as it came', async () => {
	stage.answer('GET /api/v1/datasets', 200, () => ({ items: [dataset], nextCursor: null }));
	expect((await stage.run(['datasets', 'list'])).stdout).toContain('accept the licence first');
	expect(JSON.parse((await stage.run(['datasets', 'list', '--json'])).stdout)).toEqual({ items: [dataset] });
});

test('a directory of the server is taken in, or stays where it is', async () => {
	stage.answer('POST /api/v1/admin/datasets', 201, () => ({ ...dataset, kind: 'linked', state: 'importing' }));
	const about = { name: 'birds', title: 'birds', description: '', licence: { name: '', text: null } };
	const directory = ['datasets', 'create', 'birds', '--directory', '/mnt/birds'];
	await stage.run(directory);
	const ran = await stage.run([...directory, '--link']);
	expect(ran.stdout).toContain('birds is being published');
	const from = { directory: '/mnt/birds' };
	expect(stage.sent.map(([, body]) => body)).toEqual([
		{ ...about, from, mode: 'import' },
		{ ...about, from, mode: 'link' },
	]);
	const unclear = await stage.run(['datasets', 'create', 'birds', '--from', '/birds', '--link']);
	expect([unclear.code, unclear.stderr]).toEqual([2, expect.stringContaining('--directory')]);
	const reason = '3 files were changed in its directory: publish it again.';
	stage.answer('GET /api/v1/datasets/birds', 200, () => ({ ...dataset, kind: 'linked', reason }));
	const shown = (await stage.run(['datasets', 'show', 'birds'])).stdout;
	for (const words of ['in its directory on the coordinator', `attend   ${reason}`]) expect(shown).toContain(words);
});

test('sharing with one more keeps the others', async () => {
	const [anna, bert] = [standInId('usr'), `${standInId('usr').slice(0, -1)}9`];
	stage.answer('GET /api/v1/datasets/birds/grants', 200, () => ({ everyone: false, users: [anna], groups: [] }));
	stage.answer('PUT /api/v1/datasets/birds/grants', 200, (sent) => sent);
	const ran = await stage.run(['datasets', 'grant', 'birds', '--user', bert]);
	expect(ran.stdout.trim().split('\n')).toEqual([anna, bert]);
});
