import { join } from 'node:path';
import { REPOSITORY } from '../../support/repository.ts';
import { TempFolder } from '../../support/temp-folder.ts';
import { TestProcess } from '../../support/test-process.ts';

/** The package webdav-server as it is shipped, in a process of its own: what the drive would be made of otherwise. */
export class WebdavServer implements AsyncDisposable {
	readonly url: string;
	readonly #folder: TempFolder;
	readonly #server: TestProcess;

	private constructor(url: string, folder: TempFolder, server: TestProcess) {
		this.url = url;
		this.#folder = folder;
		this.#server = server;
	}

	static async start(): Promise<WebdavServer> {
		const folder = new TempFolder();
		const program = join(REPOSITORY, 'test/bench/peers/webdav-server.mjs');
		const server = new TestProcess('webdav-server', [process.execPath, program, folder.path]);
		const [, port] = await server.line(/listening at (\d+)/);
		return new WebdavServer(`http://127.0.0.1:${port}`, folder, server);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#server.stop();
		await this.#folder[Symbol.asyncDispose]();
	}
}
