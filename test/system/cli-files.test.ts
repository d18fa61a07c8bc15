import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { FileDetail } from '../../shared/protocol/file.ts';
import { makeJpeg } from '../support/make-images.ts';
import { Millrace } from '../support/millrace.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { TempFolder } from '../support/temp-folder.ts';

let coordinator: RunningCoordinator;
let agent: RunningAgent;
let folder: TempFolder;
let millrace: Millrace;
let random: ReturnType<typeof seededRandom>;

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
beforeEach((context) => {
	random = seededRandom(context);
});

const lines = (stdout: string): Record<string, unknown>[] =>
	stdout
		.split('\n')
		.filter(Boolean)
		.map((line) => JSON.parse(line));

test('a person signs in, is known, and signs out, with nothing but the command line', async () => {
	await using own = new Millrace();
	const { username, password } = coordinator.administrator;
	const refused = await own.run(['login', coordinator.url, '--user', username, '--password-stdin'], {
		stdin: 'wrong password\n',
	});
	expect(refused.code).toBe(3);
	const login = await own.run(['login', coordinator.url, '--user', username, '--password-stdin'], {
		stdin: `${password}\n`,
	});
	expect(login.code, login.stderr).toBe(0);
	const file = own.home.join('.config/millrace/account.json');
	expect((await stat(file)).mode & 0o777).toBe(0o600);
	expect(await own.json(['whoami'])).toMatchObject({ username, via: 'token' });
	const { token } = JSON.parse(await readFile(file, 'utf8'));
	expect((await own.run(['logout'])).code).toBe(0);
	expect((await own.here(['whoami'])).code).toBe(3);
	const ended = await own.here(['whoami'], { env: { MILLRACE_URL: coordinator.url, MILLRACE_TOKEN: token } });
	expect(ended.code).toBe(3);
});

test('an upload that waits knows when its tasks are done', async () => {
	const path = folder.join('beach.jpg');
	const jpeg = await makeJpeg(random);
	await writeFile(path, jpeg);
	const ran = await millrace.run(['upload', path, '/beach.jpg', '--wait', '--json']);
	expect(ran.code, ran.stderr).toBe(0);
	const [uploaded, ...tasks] = lines(ran.stdout);
	expect(uploaded).toMatchObject({ kind: 'file', status: 'uploaded', file: { path: '/beach.jpg', size: jpeg.length } });
	expect(tasks.map(({ task }) => (task as { state: string }).state)).toEqual(['succeeded', 'succeeded', 'succeeded']);
	const { items } = await millrace.json<{ items: FileDetail[] }>(['ls', '/beach.jpg']);
	expect(items[0]).toMatchObject({ facts: { mimetype: 'image/jpeg' }, thumbnail: { url: expect.any(String) } });
});

test('a folder goes up and comes back the same', async () => {
	const tree: Record<string, Buffer> = {
		'a.txt': Buffer.from('a'),
		'deep/er/b c.bin': random.bytes(70_000),
		'Grüße/日本.txt': Buffer.from('x'),
		'empty.dat': Buffer.alloc(0),
		'large.bin': random.bytes(9 * 1024 * 1024),
	};
	for (const [name, content] of Object.entries(tree)) {
		const path = folder.join('tree', name);
		await mkdir(path.slice(0, path.lastIndexOf('/')), { recursive: true });
		await writeFile(path, content);
	}
	await mkdir(folder.join('tree/nothing'));
	const up = await millrace.run(['upload', folder.join('tree'), '/up']);
	expect(up.code, up.stderr).toBe(0);
	const again = await millrace.here(['upload', folder.join('tree'), '/up', '--skip-same', '--json']);
	expect(lines(again.stdout).filter(({ status }) => status === 'same')).toHaveLength(5);
	const down = await millrace.run(['get', '/up/tree', folder.join('back')]);
	expect(down.code, down.stderr).toBe(0);
	for (const [name, content] of Object.entries(tree)) {
		expect((await readFile(folder.join('back', name.normalize('NFC')))).equals(content), name).toBe(true);
	}
	expect(await readdir(folder.join('back/nothing'))).toEqual([]);
	expect(await readdir(folder.join('back'))).not.toContainEqual(expect.stringContaining('.part'));
});

test('a large upload survives cuts and a kill of the coordinator, and is one version', async () => {
	const content = random.bytes(24 * 1024 * 1024);
	const path = folder.join('huge.bin');
	await writeFile(path, content);
	using proxy = await TcpProxy.listen({ port: coordinator.port });
	await using through = Millrace.of(coordinator, proxy.url);
	proxy.throttle(20_000_000, 'up');
	const disturbed = proxy
		.cutAfter(5_000_000, 'up')
		.then(() => proxy.cutAfter(6_000_000, 'up'))
		.then(async () => {
			await coordinator.kill();
			await coordinator.restart();
		});
	const ran = await through.run(['upload', path, '/huge.bin', '--json']);
	await disturbed;
	expect(ran.code, ran.stderr).toBe(0);
	expect(lines(ran.stdout)).toMatchObject([{ status: 'uploaded', file: { size: content.length, version: 1 } }]);
	expect(proxy.bytes('up')).toBeLessThan(content.length * 1.25);
	const back = await through.run(['get', '/huge.bin', folder.join('huge-back.bin')]);
	expect(back.code, back.stderr).toBe(0);
	expect((await readFile(folder.join('huge-back.bin'))).equals(content)).toBe(true);
});

test('files are removed to the trash or for good, folders only when asked', async () => {
	await coordinator.api.upload('/bin/a', 'a');
	await coordinator.api.upload('/bin/b', 'b');
	expect((await millrace.here(['rm', '/bin'])).code).toBe(1);
	expect((await millrace.here(['rm', '/bin/a'])).code).toBe(0);
	expect((await millrace.here(['ls', '/bin'])).stdout).toBe('b\n');
	const { items } = await millrace.json<{ items: { path: string }[] }>(['ls', '--trash']);
	expect(items.map(({ path }) => path)).toContain('/bin/a');
	expect((await millrace.here(['rm', '-r', '--forever', '/bin'])).code).toBe(0);
	expect((await millrace.here(['ls', '/bin'])).code).toBe(4);
});

test('what is taken is not overwritten when that is asked for', async () => {
	await coordinator.api.upload('/taken.txt', 'first');
	const small = folder.join('taken.txt');
	await writeFile(small, 'second');
	expect((await millrace.here(['upload', small, '--no-overwrite'])).code).toBe(1);
	const large = folder.join('taken-large.bin');
	await writeFile(large, random.bytes(9 * 1024 * 1024));
	expect((await millrace.here(['upload', large, '/taken.txt', '--no-overwrite'])).code).toBe(1);
	expect((await coordinator.api.raw('GET', '/api/v1/content/taken.txt')).body.toString()).toBe('first');
	expect((await millrace.here(['upload', small, '/taken.txt'])).code).toBe(0);
	const { items } = await millrace.json<{ items: FileDetail[] }>(['ls', '/taken.txt']);
	expect(items[0]?.version).toBe(2);
});

test('nothing answers: the exit code says so', async () => {
	const ran = await millrace.run(['ls'], { env: { MILLRACE_URL: 'http://127.0.0.1:1' } });
	expect(ran.code).toBe(5);
	expect(ran.stderr).toContain('127.0.0.1:1');
});
