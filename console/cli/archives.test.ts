import { readdir, readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { commandLineStage } from '../../test/support/command-line-stage.ts';
import { standInId } from '../../test/support/stand-in-id.ts';

const stage = commandLineStage();
const ZIP = Buffer.from('PK and the rest');

/** Answers for archives; gives what was asked for. */
const archives = (send: (asked: number) => Buffer | null = () => ZIP): string[] => {
	const asked: string[] = [];
	stage.server.instead.set('GET /api/v1/archive', (_, response, url) => {
		asked.push(url.search);
		const body = send(asked.length);
		response.writeHead(200, { 'content-type': 'application/zip', 'content-length': ZIP.length });
		if (body) response.end(body);
		// Cut in the midst of it.
		else response.write(ZIP.subarray(0, 4), () => response.destroy());
	});
	return asked;
};

test('a folder comes as one archive, named after it', async () => {
	const asked = archives();
	const ran = await stage.run(['get', '/my photos/may', stage.folder.path, '--zip', '--json']);
	expect(ran.stderr).toBe('');
	const local = stage.folder.join('may.zip');
	expect(JSON.parse(ran.stdout)).toEqual({ local, bytes: ZIP.length });
	expect(await readFile(local)).toEqual(ZIP);
	expect(asked).toEqual(['?folder=%2Fmy+photos%2Fmay']);
	const out = await stage.run(['get', '/', '-', '--zip']);
	expect(out.stdout).toBe(String(ZIP));
});

test('what is there is replaced only when told; what was cut leaves nothing', async () => {
	archives((asked) => (asked === 1 ? null : ZIP));
	const local = stage.folder.join('own.zip');
	const cut = await stage.run(['get', '/a', local, '--zip']);
	expect([cut.code === 0, cut.stderr.includes('was cut')]).toEqual([false, true]);
	expect(await readdir(stage.folder.path)).toEqual([]);
	await writeFile(local, 'mine');
	const refused = await stage.run(['get', '/a', local, '--zip']);
	expect([refused.code, refused.stderr.includes('--force')]).toEqual([1, true]);
	expect(String(await readFile(local))).toBe('mine');
	expect((await stage.run(['get', '/a', local, '--zip', '--force'])).code).toBe(0);
	expect(await readFile(local)).toEqual(ZIP);
});

test('a dataset, one of its folders, and the results of a job come the same way', async () => {
	const asked = archives();
	await stage.run(['datasets', 'get', 'birds@2', stage.folder.path, '--zip']);
	await stage.run(['datasets', 'get', 'birds/may/owls', stage.folder.path, '--zip']);
	const id = standInId('job');
	stage.answer(`GET /api/v1/jobs/${id}`, 200, () => ({
		...{ id, title: 'Small: /photos', cause: 'demand', state: 'done', recipe: null, recipeVersion: null, planned: 1 },
		tasks: { total: 1, open: 0, succeeded: 1, failed: 0, cancelled: 0 },
		...{
			isWhole: true,
			skipped: [],
			waiting: null,
			createdAt: '2026-03-01T08:00:00.000Z',
			finishedAt: '2026-03-01T08:00:01.000Z',
		},
	}));
	const ran = await stage.run(['job', id, '--download', `${stage.folder.path}/`]);
	expect(ran.stderr).toBe('');
	expect(asked).toEqual(['?dataset=birds&version=2', '?dataset=birds&under=may%2Fowls', `?job=${id}`]);
	expect((await readdir(stage.folder.path)).sort()).toEqual(['Small_ _photos.zip', 'birds.zip', 'owls.zip']);
});
