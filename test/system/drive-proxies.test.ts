import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api } from '../support/api.ts';
import { DriveClient } from '../support/drive-client.ts';
import { freePort } from '../support/free-port.ts';
import { REPOSITORY } from '../support/repository.ts';
import { runToEnd } from '../support/run-to-end.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { hasOpenssl, makeCertificate } from '../support/test-certificate.ts';
import { TestProcess } from '../support/test-process.ts';
import { waitFor } from '../support/wait-for.ts';

const MODULES = '/usr/lib/apache2/modules';
const hasCurl = existsSync('/usr/bin/curl');

let coordinator: RunningCoordinator;
let folder: TempFolder;
let anna: Api;
let drive: DriveClient;
let certificate: { certFile: string; keyFile: string };

beforeAll(async () => {
	coordinator = await startCoordinator({ args: ['--trusted-proxies', '127.0.0.1'] });
	anna = await coordinator.newUser('anna');
	drive = await DriveClient.open(anna, 'anna');
	folder = new TempFolder();
	// A proxy gives root's rights away and must still reach what it works with.
	await chmod(folder.path, 0o755);
	const { certFile } = makeCertificate(folder);
	certificate = { certFile, keyFile: certFile.replace(/\.pem$/, '.key') };
});
afterAll(async () => {
	await folder?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
});

/** What docs/webdav.md tells administrators to write, with the names and ports of this test in it. */
const asDocumented = (language: 'apache' | 'nginx', port: number): string => {
	const text = readFileSync(join(REPOSITORY, 'docs/webdav.md'), 'utf8');
	const block = new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'm').exec(text)?.[1];
	if (block === undefined) throw new Error(`docs/webdav.md has no part for ${language}`);
	return block
		.replaceAll('127.0.0.1:8080', `127.0.0.1:${coordinator.port}`)
		.replaceAll('mill.example', 'localhost')
		.replace(/\S+localhost\.pem/g, certificate.certFile)
		.replace(/\S+localhost\.key/g, certificate.keyFile)
		.replace(/^(\s*listen\s+)(\[::\]:)?443/gm, `$1127.0.0.1:${port}`)
		.replace('*:443', `127.0.0.1:${port}`);
};

const startApache = async (port: number): Promise<TestProcess> => {
	const modules = [
		'mpm_event',
		'authz_core',
		'ssl',
		'socache_shmcb',
		'proxy',
		'proxy_http',
		'headers',
		'proxy_wstunnel',
	];
	const lines = [
		...modules.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`),
		`ServerRoot ${folder.path}`,
		`Listen 127.0.0.1:${port}`,
		`PidFile ${folder.join('apache.pid')}`,
		`ErrorLog ${folder.join('apache.log')}`,
		...(process.getuid?.() === 0 ? ['User www-data', 'Group www-data'] : []),
		asDocumented('apache', port),
	];
	await writeFile(folder.join('apache.conf'), lines.join('\n'));
	return new TestProcess('apache', ['/usr/sbin/apache2', '-f', folder.join('apache.conf'), '-DFOREGROUND']);
};

const startNginx = async (port: number): Promise<TestProcess> => {
	await mkdir(folder.join('nginx'));
	const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
	const config = `daemon off; pid ${folder.join('nginx.pid')}; error_log ${folder.join('nginx.log')};
		events {}
		http {
			access_log off;
			${paths.map((name) => `${name}_temp_path ${folder.join('nginx', name)};`).join('\n')}
			${asDocumented('nginx', port)}
		}`;
	await writeFile(folder.join('nginx.conf'), config);
	return new TestProcess('nginx', ['/usr/sbin/nginx', '-p', folder.path, '-c', folder.join('nginx.conf')]);
};

const PROXIES = [
	{ name: 'Apache', program: '/usr/sbin/apache2', start: startApache },
	{ name: 'nginx', program: '/usr/sbin/nginx', start: startNginx },
] as const;

for (const { name, program, start } of PROXIES) {
	test.skipIf(!hasCurl || !hasOpenssl || !existsSync(program))(
		`behind ${name} as documented: TLS, a large file, a range, MOVE`,
		async (context) => {
			const port = await freePort();
			const proxy = await start(port);
			try {
				const top = `https://localhost:${port}/dav/files`;
				const own = folder.join(`files of ${name}`);
				await mkdir(own);
				const curl = (...args: string[]) =>
					runToEnd([
						...['curl', '-sS', '--fail-with-body', '--cacert', certificate.certFile],
						...['-u', `${drive.username}:${drive.password}`, ...args],
					]);
				await waitFor(`${name} to answer`, async () =>
					/^dav: 1, 2/im.test(await curl('-X', 'OPTIONS', '-i', `${top}/`)),
				);
				const content = seededRandom(context).bytes(20_000_000);
				await writeFile(`${own}/large.bin`, content);
				const odd = `${top}/${name}%20%23%25%3f.bin`;
				await curl('-T', `${own}/large.bin`, odd);
				await curl('-X', 'MOVE', '-H', `Destination: ${top}/moved%20by%20${name}.bin`, odd);
				await curl('-o', `${own}/back.bin`, `${top}/moved%20by%20${name}.bin`);
				expect((await readFile(`${own}/back.bin`)).equals(content)).toBe(true);
				await curl('-r', '-100', '-o', `${own}/tail.bin`, `${top}/moved%20by%20${name}.bin`);
				expect((await readFile(`${own}/tail.bin`)).equals(content.subarray(-100))).toBe(true);
				// Not by the drive: over plain HTTP from beside the proxy it does not open.
				expect(await drive.status('GET', '/files/')).toBe(403);
				const { items } = await anna.get<{ items: { path: string }[] }>('/files?folder=/');
				expect(items.map(({ path }) => path)).toContain(`/moved by ${name}.bin`);
				const elsewhere = 'Destination: https://elsewhere.example/dav/files/x';
				await expect(curl('-X', 'MOVE', '-H', elsewhere, `${top}/moved%20by%20${name}.bin`)).rejects.toThrow(/502/);
			} finally {
				await proxy.stop();
			}
		},
	);
}
