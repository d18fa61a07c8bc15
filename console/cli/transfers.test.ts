import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { commandLineStage } from '../../test/support/command-line-stage.ts';
import { makeTaskDetail } from '../../test/support/make-task-detail.ts';
import { standInId } from '../../test/support/stand-in-id.ts';
import { StandInServer, sha256Of } from '../../test/support/stand-in-server.ts';
import { TcpProxy } from '../../test/support/tcp-proxy.ts';

const stage = commandLineStage();

const millrace: typeof stage.run = (argv, options) => stage.run(argv, options);

const local = async (name: string, content: Buffer | string): Promise<string> => {
	const path = stage.folder.join('here', name);
	await mkdir(path.slice(0, path.lastIndexOf('/')), { recursive: true });
	await writeFile(path, content);
	return path;
};

describe('upload', () => {
	it('uploads a folder with its structure, empty folders included, and leaves links out', async () => {
		await local('photos/a.txt', 'a');
		await local('photos/deep/er/b.txt', 'b');
		await mkdir(stage.folder.join('here/photos/empty'));
		await symlink('/etc/passwd', stage.folder.join('here/photos/link'));
		const ran = await millrace(['upload', stage.folder.join('here/photos'), '/backup', '--json']);
		expect(ran.code, ran.stderr).toBe(0);
		expect([...stage.server.files.keys()].sort()).toEqual(['/backup/photos/a.txt', '/backup/photos/deep/er/b.txt']);
		expect(stage.server.folders).toContain('/backup/photos/empty');
		expect(ran.stderr).toContain('link');
		const files = ran.lines.filter(({ kind }) => kind === 'file');
		expect(files).toHaveLength(2);
		expect(files[0]).toMatchObject({ status: 'uploaded', file: { version: 1 }, tasks: [{ type: 'md5' }] });
	});

	it('gives one file another name, or puts it into a folder that is there', async () => {
		const path = await local('a.txt', 'a');
		stage.server.folders.add('/there');
		expect((await millrace(['upload', path, '/new/name.txt'])).code).toBe(0);
		expect((await millrace(['upload', path, '/there'])).code).toBe(0);
		expect([...stage.server.files.keys()].sort()).toEqual(['/new/name.txt', '/there/a.txt']);
	});

	it('asks when the last argument could be meant here or there', async () => {
		const path = await local('a.txt', 'a');
		const ran = await millrace(['upload', path, stage.folder.join('here')]);
		expect(ran.code).toBe(2);
		expect(ran.stderr).toContain('--to');
		expect(stage.server.files.size).toBe(0);
		expect((await millrace(['upload', path, '--to', '/x/'])).code).toBe(0);
		expect([...stage.server.files.keys()]).toEqual(['/x/a.txt']);
	});

	it('refuses a taken path with --no-overwrite and leaves out the same content with --skip-same', async () => {
		const path = await local('a.txt', 'a');
		stage.server.put('/a.txt', 'other');
		const refused = await millrace(['upload', path, '--no-overwrite']);
		expect(refused.code).toBe(1);
		expect(refused.stderr).toContain('--no-overwrite');
		stage.server.put('/a.txt', 'a');
		const skipped = await millrace(['upload', path, '--skip-same', '--json']);
		expect(skipped.lines).toEqual([{ kind: 'file', local: path, status: 'same', path: '/a.txt' }]);
		expect(stage.server.files.get('/a.txt')?.version).toBe(2);
	});

	it('does not repeat an upload whose answer was lost', async () => {
		const path = await local('a.txt', 'abc');
		let puts = 0;
		stage.server.instead.set('PUT /api/v1/content/a.txt', async (request) => {
			puts += 1;
			await request.resume().toArray();
			stage.server.put('/a.txt', 'abc');
			request.socket.destroy();
		});
		const ran = await millrace(['upload', path, '--json']);
		expect(ran.code, ran.stderr).toBe(0);
		expect(puts).toBe(1);
		expect(ran.lines[0]).toMatchObject({ status: 'uploaded', file: { path: '/a.txt', version: 1 } });
	});

	it('goes on with a large file after cuts, sending hardly anything twice', async () => {
		const content = randomBytes(20 * 1024 * 1024);
		const path = await local('large.bin', content);
		using proxy = await TcpProxy.listen({ port: stage.server.port });
		const cuts = proxy.cutAfter(6_000_000, 'up').then(() => proxy.cutAfter(5_000_000, 'up'));
		const ran = await millrace(['upload', path], { url: proxy.url });
		await cuts;
		expect(ran.code, ran.stderr).toBe(0);
		expect(sha256Of(stage.server.files.get('/large.bin')?.content ?? '')).toBe(sha256Of(content));
		expect(stage.server.uploads.size).toBe(1);
		expect(proxy.bytes('up')).toBeLessThan(content.length * 1.1);
	});

	it('goes on with a large file in another run', async () => {
		const content = randomBytes(12 * 1024 * 1024);
		const path = await local('large.bin', content);
		using proxy = await TcpProxy.listen({ port: stage.server.port });
		const interrupt = new AbortController();
		void proxy.cutAfter(5_000_000, 'up').then(() => interrupt.abort());
		expect((await millrace(['upload', path], { url: proxy.url, signal: interrupt.signal })).code).toBe(130);
		const before = proxy.bytes('up');
		const again = await millrace(['upload', path], { url: proxy.url });
		expect(again.code, again.stderr).toBe(0);
		expect(stage.server.uploads.size).toBe(1);
		expect(proxy.bytes('up') - before).toBeLessThan(8_500_000);
		expect(await readdir(stage.folder.join('state/millrace/uploads'))).toEqual([]);
	});

	it('never sends the token to another server that an upload is sent to', async () => {
		await using other = await StandInServer.start();
		const path = await local('large.bin', Buffer.alloc(9 * 1024 * 1024));
		stage.server.instead.set('POST /api/v1/uploads', (_request, response) => {
			response.writeHead(201, { location: `${other.url}/api/v1/uploads/x`, 'tus-resumable': '1.0.0' }).end();
		});
		const ran = await millrace(['upload', path]);
		expect(ran.code).not.toBe(0);
		expect(other.requests).toEqual([]);
	});

	it('uploads what it can, names what it could not, and ends with its code', async () => {
		const good = await local('good.txt', 'g');
		const bad = await local('bad.txt', 'b');
		stage.server.instead.set('PUT /api/v1/content/bad.txt', (request, response) => {
			request.resume();
			stage.server.refuse(response, 507, 'quota-exceeded', 'Your storage quota is used up \u001b[31m.');
		});
		const ran = await millrace(['upload', good, bad, '--to', '/', '--json']);
		expect(ran.code).toBe(1);
		expect(ran.stderr).toContain('bad.txt: Your storage quota is used up \\x1b[31m.');
		expect(ran.lines.find(({ local: path }) => path === bad)).toMatchObject({
			status: 'failed',
			error: { code: 'quota-exceeded' },
		});
		expect(stage.server.files.has('/good.txt')).toBe(true);
	});
});

describe('get', () => {
	it('brings a file, and finds it there the second time', async () => {
		stage.server.put('/dir/a b.txt', 'hello');
		const target = stage.folder.join('got.txt');
		expect((await millrace(['get', '/dir/a b.txt', target])).code).toBe(0);
		expect(await readFile(target, 'utf8')).toBe('hello');
		expect((await millrace(['get', '/dir/a b.txt', target, '--json'])).json).toMatchObject({
			items: [{ status: 'same' }],
		});
	});

	it('does not replace a different file unless forced', async () => {
		stage.server.put('/a.txt', 'new');
		const target = await local('a.txt', 'old');
		const refused = await millrace(['get', '/a.txt', target]);
		expect(refused.code).toBe(1);
		expect(refused.stderr).toContain('--force');
		expect(await readFile(target, 'utf8')).toBe('old');
		expect((await millrace(['get', '/a.txt', target, '--force'])).code).toBe(0);
		expect(await readFile(target, 'utf8')).toBe('new');
	});

	it('goes on by Range after a cut', async () => {
		const content = randomBytes(4_000_000);
		stage.server.put('/a.bin', content);
		using proxy = await TcpProxy.listen({ port: stage.server.port });
		// Slow enough that what the proxy has passed on is read before the cut throws it away.
		proxy.throttle(8_000_000, 'down');
		void proxy.cutAfter(1_500_000, 'down');
		const target = stage.folder.join('a.bin');
		const ran = await millrace(['get', '/a.bin', target], { url: proxy.url });
		expect(ran.code, ran.stderr).toBe(0);
		expect((await readFile(target)).equals(content)).toBe(true);
		expect(proxy.bytes('down')).toBeLessThan(content.length * 1.1);
	});

	it('goes on in another run, and sees when what is there was spoilt', async () => {
		const content = randomBytes(4_000_000);
		stage.server.put('/a.bin', content);
		const target = stage.folder.join('out', 'a.bin');
		using proxy = await TcpProxy.listen({ port: stage.server.port });
		proxy.throttle(8_000_000, 'down');
		const interrupt = new AbortController();
		void proxy.cutAfter(2_000_000, 'down').then(() => interrupt.abort());
		await millrace(['get', '/a.bin', target], { url: proxy.url, signal: interrupt.signal });
		const [part = ''] = await readdir(stage.folder.join('out'));
		const half = await readFile(stage.folder.join('out', part));
		expect(half.length).toBeGreaterThan(500_000);
		half[1000] = (half[1000] ?? 0) ^ 1;
		await writeFile(stage.folder.join('out', part), half);
		const again = await millrace(['get', '/a.bin', target]);
		expect(again.code, again.stderr).toBe(0);
		expect((await readFile(target)).equals(content)).toBe(true);
		expect(await readdir(stage.folder.join('out'))).toEqual(['a.bin']);
	});

	it('throws away what does not have the right checksum', async () => {
		const { id } = stage.server.put('/a.txt', 'right');
		stage.server.instead.set(`GET /api/v1/files/${id}/content`, (_request, response) => void response.end('wrong'));
		const ran = await millrace(['get', id, `${stage.folder.join('out')}/`]);
		expect(ran.code).toBe(1);
		expect(await readdir(stage.folder.join('out'))).toEqual([]);
	});

	it('writes to standard output, bytes and nothing else', async () => {
		stage.server.put('/a.txt', 'hello\u001b[31m');
		expect((await millrace(['get', '/a.txt', '-'])).stdout).toBe('hello\u001b[31m');
	});

	it('brings a folder with everything in it, over several pages', async () => {
		for (const name of ['1', '2', '3', 'x/4', 'x/y/5']) stage.server.put(`/tree/${name}`, name);
		stage.server.folders.add('/tree/empty');
		await mkdir(stage.folder.join('out'));
		const ran = await millrace(['get', '/tree', stage.folder.join('out')]);
		expect(ran.code, ran.stderr).toBe(0);
		expect((await readdir(stage.folder.join('out/tree'), { recursive: true })).sort()).toEqual([
			'1',
			'2',
			'3',
			'empty',
			'x',
			'x/4',
			'x/y',
			'x/y/5',
		]);
	});

	it('never writes outside of the target folder, whatever the server names', async () => {
		const file = stage.server.put('/tree/a', 'evil');
		const entry = {
			kind: 'file',
			id: file.id,
			path: '/x',
			size: 4,
			sha256: sha256Of('evil'),
			version: 1,
			facts: {},
			thumbnail: null,
			tasks: [],
		};
		const times = { createdAt: '2026-01-01T00:00:00Z', modifiedAt: '2026-01-01T00:00:00Z', trashedAt: null };
		for (const name of ['../evil', '..', '', '/evil', 'a/../../evil', 'nul\u0000']) {
			stage.server.instead.set('GET /api/v1/files', (_request, response) =>
				stage.server.json(response, 200, { items: [{ ...entry, ...times, name }], nextCursor: null }),
			);
			const ran = await millrace(['get', '/tree', stage.folder.join('out')]);
			expect(ran.code, name).toBe(1);
		}
		expect(await readdir(stage.folder.path)).not.toContain('evil');
	});

	it('never follows a link that lies in the target folder', async () => {
		stage.server.put('/tree/link/a', 'evil');
		await mkdir(stage.folder.join('elsewhere'));
		await mkdir(stage.folder.join('out/tree'), { recursive: true });
		await symlink(stage.folder.join('elsewhere'), stage.folder.join('out/tree/link'));
		const ran = await millrace(['get', '/tree', stage.folder.join('out')]);
		expect(ran.code).toBe(1);
		expect(await readdir(stage.folder.join('elsewhere'))).toEqual([]);
	});

	it('brings the outputs of a task', async () => {
		const id = standInId('tsk');
		const output = { name: 'thumb.jpg', size: 6, sha256: sha256Of('output'), mediaType: 'image/jpeg', url: '/x' };
		stage.server.tasks.set(id, makeTaskDetail({ id, state: 'succeeded', outputs: [output] }));
		expect((await millrace(['get', id, stage.folder.join('out')])).code).toBe(0);
		expect(await readFile(stage.folder.join('out/thumb.jpg'), 'utf8')).toBe('output');
	});

	it('says what is not there', async () => {
		const ran = await millrace(['get', '/nothing']);
		expect(ran.code).toBe(4);
		expect(ran.stderr).toContain('/nothing');
	});
});
