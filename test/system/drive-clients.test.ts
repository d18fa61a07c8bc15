import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DriveClient } from '../support/drive-client.ts';
import { oddNames } from '../support/odd-names.ts';
import { runToEnd } from '../support/run-to-end.ts';
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { TestProcess } from '../support/test-process.ts';
import { waitFor } from '../support/wait-for.ts';

const has = (program: string): boolean =>
	['/usr/bin', '/usr/sbin', '/bin', '/sbin'].some((folder) => existsSync(`${folder}/${program}`));
const canMount = existsSync('/dev/fuse') && process.getuid?.() === 0;

let coordinator: RunningCoordinator;
let folder: TempFolder;
let drive: DriveClient;
let names: string[];
let random: SeededRandom;

beforeAll(async () => {
	coordinator = await startCoordinator();
	drive = await DriveClient.open(await coordinator.newUser('anna'), 'anna');
	folder = new TempFolder();
});
afterAll(async () => {
	await folder?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
});
beforeEach((context) => {
	random = seededRandom(context);
	names = oddNames(500, (parts) => random.pick(parts));
});

/** A folder on this disk with a file of each odd name. */
const oddFolder = async (name: string): Promise<string> => {
	const path = folder.join(name);
	await mkdir(path);
	for (const [at, file] of names.entries()) await writeFile(`${path}/${file}`, `${at} ${file}`);
	return path;
};

const sameAs = async (here: string, there: string): Promise<void> => {
	const expected = await readdir(here);
	expect((await readdir(there)).sort()).toEqual(expected.sort());
	for (const name of expected) {
		expect((await readFile(`${there}/${name}`)).equals(await readFile(`${here}/${name}`)), name).toBe(true);
	}
};

describe.skipIf(!has('rclone'))('rclone', () => {
	/** Encodes nothing by itself: names go as they are. */
	const rclone = async (...args: string[]): Promise<string> => {
		const obscured = (await runToEnd(['rclone', 'obscure', drive.password])).trim();
		const env = {
			RCLONE_CONFIG: folder.join('rclone.conf'),
			RCLONE_CONFIG_M_TYPE: 'webdav',
			RCLONE_CONFIG_M_URL: `${drive.url}/files`,
			RCLONE_CONFIG_M_VENDOR: 'other',
			RCLONE_CONFIG_M_USER: drive.username,
			RCLONE_CONFIG_M_PASS: obscured,
			RCLONE_CONFIG_M_ENCODING: 'None',
			RCLONE_LOCAL_ENCODING: 'None',
		};
		return runToEnd(['rclone', '--transfers', '4', '--checkers', '4', ...args], { env });
	};

	test('copies, checks, syncs and brings back five hundred odd names', async () => {
		const here = await oddFolder('rclone');
		await rclone('copy', here, 'M:rclone');
		await rclone('check', '--download', here, 'M:rclone');
		expect((await drive.names('/files/rclone')).sort()).toEqual([...names].sort());
		await writeFile(`${here}/one more?`, 'new');
		await rclone('sync', here, 'M:rclone');
		await rclone('copy', 'M:rclone', folder.join('back'));
		await sameAs(here, folder.join('back'));
		await rclone('purge', 'M:rclone');
		expect(await drive.status('PROPFIND', '/files/rclone', null, { depth: '0' })).toBe(404);
	});

	test.skipIf(!canMount)('mounts the drive as a folder', async () => {
		const mount = folder.join('mounted');
		await mkdir(mount);
		const obscured = (await runToEnd(['rclone', 'obscure', drive.password])).trim();
		const remote = `:webdav,url='${drive.url}/files',vendor=other,user=${drive.username},pass=${obscured}:`;
		const options = ['--vfs-cache-mode', 'writes', '--vfs-write-back', '0s', '--dir-cache-time', '0s'];
		const env = { RCLONE_CONFIG: folder.join('rclone.conf'), XDG_CACHE_HOME: folder.join('cache') };
		const mounted = new TestProcess('rclone mount', ['rclone', 'mount', ...options, remote, mount], { env });
		try {
			await drive.status('PUT', '/files/from-outside.txt', 'hello');
			await waitFor('the mount to be there', async () => (await readdir(mount)).includes('from-outside.txt'));
			await writeFile(`${mount}/from inside?.txt`, 'written');
			await waitFor('the write to arrive', async () => {
				const { status, body } = await drive.raw('GET', '/files/from inside?.txt');
				return status === 200 && body.toString() === 'written';
			});
			expect((await readFile(`${mount}/from-outside.txt`)).toString()).toBe('hello');
		} finally {
			await runToEnd(['fusermount3', '-u', mount]).catch(() => {});
			await mounted.stop();
		}
	});
});

test.skipIf(!has('cadaver'))('cadaver makes, locks, moves and keeps properties', async () => {
	const home = folder.join('cadaver');
	await mkdir(home);
	await writeFile(`${home}/.netrc`, `machine 127.0.0.1 login ${drive.username} password ${drive.password}\n`, {
		mode: 0o600,
	});
	const odd = 'half # and 100%.txt';
	await writeFile(`${home}/${odd}`, 'content');
	const commands = [
		'mkcol kept',
		'cd kept',
		`put "${odd}"`,
		`lock "${odd}"`,
		`propset "${odd}" colour blue`,
		`propget "${odd}" colour`,
		`unlock "${odd}"`,
		`move "${odd}" "moved ?.txt"`,
		`copy "moved ?.txt" copy.txt`,
		'ls',
		'get copy.txt back.txt',
		'quit',
	];
	await writeFile(`${home}/commands`, `${commands.join('\n')}\n`);
	const said = await runToEnd(['sh', '-c', `cadaver ${drive.url}/files/ < commands 2>&1`], {
		cwd: home,
		env: { HOME: home },
	});
	expect(said).not.toMatch(/failed/i);
	expect(said).toContain('Value of colour is: blue');
	expect((await readFile(`${home}/back.txt`)).toString()).toBe('content');
	expect((await drive.names('/files/kept')).sort()).toEqual(['copy.txt', 'moved ?.txt']);
});

test.skipIf(!has('curl'))('curl sends in chunks, goes on in the middle and sees what it asks for', async () => {
	const content = random.bytes(300_000);
	await writeFile(folder.join('curl.bin'), content);
	const curl = (...args: string[]) =>
		runToEnd(['curl', '-sS', '-f', '-u', `${drive.username}:${drive.password}`, ...args]);
	const address = drive.at('/files/curl ü.bin');
	await curl('-T', '-', '-H', 'Transfer-Encoding: chunked', address, '-o', '/dev/null').catch(() => {});
	await curl('-T', folder.join('curl.bin'), address);
	await writeFile(folder.join('part.bin'), content.subarray(0, 100_000));
	await curl('-C', '-', '-o', folder.join('part.bin'), address);
	expect((await readFile(folder.join('part.bin'))).equals(content)).toBe(true);
	await curl('-r', '-10', '-o', folder.join('tail.bin'), address);
	expect((await readFile(folder.join('tail.bin'))).equals(content.subarray(-10))).toBe(true);
});

test.skipIf(!has('mount.davfs') || !canMount)('davfs2 mounts the drive, writes with locks and moves', async () => {
	const mount = folder.join('davfs');
	await mkdir(mount);
	// It gives root's rights away and must still reach what it keeps.
	await chmod(folder.path, 0o755);
	await mkdir(folder.join('davfs-cache'));
	await chmod(folder.join('davfs-cache'), 0o777);
	await writeFile(folder.join('secrets'), `${drive.url}/files/ ${drive.username} ${drive.password}\n`, { mode: 0o600 });
	const settings = [
		`secrets ${folder.join('secrets')}`,
		`cache_dir ${folder.join('davfs-cache')}`,
		'delay_upload 0',
		'ask_auth 0',
	];
	await writeFile(folder.join('davfs2.conf'), `${settings.join('\n')}\n`, { mode: 0o600 });
	await runToEnd(['mount.davfs', '-o', `conf=${folder.join('davfs2.conf')}`, `${drive.url}/files/`, mount]);
	try {
		await writeFile(`${mount}/by davfs #1.txt`, 'written');
		await waitFor('the write to arrive', async () => {
			const { status, body } = await drive.raw('GET', '/files/by davfs #1.txt');
			return status === 200 && body.toString() === 'written';
		});
		await runToEnd(['mv', `${mount}/by davfs #1.txt`, `${mount}/moved.txt`]);
		expect((await readFile(`${mount}/moved.txt`)).toString()).toBe('written');
	} finally {
		await runToEnd(['umount', mount]);
	}
	expect((await drive.raw('GET', '/files/moved.txt')).body.toString()).toBe('written');
});
