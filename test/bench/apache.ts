import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { freePort } from '../support/free-port.ts';
import { runToEnd } from '../support/run-to-end.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { TestProcess } from '../support/test-process.ts';
import { waitFor } from '../support/wait-for.ts';
import { NotMeasured } from './figure.ts';

const PROGRAM = '/usr/sbin/apache2';
const MODULES = '/usr/lib/apache2/modules';

/** Apache's httpd with mod_dav on loopback, for comparison: it neither hashes nor syncs what it stores. */
export class Apache implements AsyncDisposable {
	readonly url: string;
	readonly #folder: TempFolder;
	readonly #server: TestProcess;

	private constructor(url: string, folder: TempFolder, server: TestProcess) {
		this.url = url;
		this.#folder = folder;
		this.#server = server;
	}

	static async start(): Promise<Apache> {
		if (!existsSync(PROGRAM)) throw new NotMeasured('Apache is not installed: apt-get install apache2');
		const folder = new TempFolder();
		chmodSync(folder.path, 0o755);
		mkdirSync(folder.join('root'));
		const port = await freePort();
		const isRoot = process.getuid?.() === 0;
		if (isRoot) {
			// Apache gives root's rights away and must still write there.
			const [uid, gid] = await Promise.all(['-u', '-g'].map((which) => runToEnd(['id', which, 'www-data'])));
			for (const path of [folder.path, folder.join('root')]) await chown(path, Number(uid), Number(gid));
		}
		const modules = ['mpm_event', 'authz_core', 'dav', 'dav_fs'].map(
			(name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`,
		);
		const lines = [
			...modules,
			`ServerRoot ${folder.path}`,
			`ServerName localhost`,
			`Listen 127.0.0.1:${port}`,
			`PidFile ${folder.join('pid')}`,
			`ErrorLog ${folder.join('error.log')}`,
			`DocumentRoot ${folder.join('root')}`,
			`DavLockDB ${folder.join('locks')}`,
			...(isRoot ? ['User www-data', 'Group www-data'] : []),
			`<Directory ${folder.join('root')}>`,
			'Dav On',
			'LimitRequestBody 0',
			'Require all granted',
			'</Directory>',
		];
		writeFileSync(folder.join('httpd.conf'), `${lines.join('\n')}\n`);
		const server = new TestProcess('apache', [PROGRAM, '-f', folder.join('httpd.conf'), '-DFOREGROUND']);
		const apache = new Apache(`http://127.0.0.1:${port}`, folder, server);
		try {
			await waitFor('Apache to answer', async () => (await fetch(`${apache.url}/`)).status > 0, { withinMs: 15_000 });
			return apache;
		} catch (error) {
			await apache[Symbol.asyncDispose]();
			throw error;
		}
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#server.stop();
		await this.#folder[Symbol.asyncDispose]();
	}
}
