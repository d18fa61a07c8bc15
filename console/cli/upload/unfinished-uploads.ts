import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What makes an upload the same upload in another run. */
export interface UploadKey {
	server: string;
	remote: string;
	sha256: string;
	noOverwrite: boolean;
}

/** Remembers where unfinished uploads go on, one small file each, so that runs beside each other do not disturb. */
export class UnfinishedUploads {
	readonly #folder: string;

	constructor(stateFolder: string) {
		this.#folder = join(stateFolder, 'uploads');
	}

	/** The upload's address at that server, or null. */
	async find(key: UploadKey): Promise<string | null> {
		try {
			const url = (await readFile(this.#pathOf(key), 'utf8')).trim();
			return url.startsWith(`${key.server}/`) ? url : null;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
			throw error;
		}
	}

	async remember(key: UploadKey, url: string): Promise<void> {
		await mkdir(this.#folder, { recursive: true, mode: 0o700 });
		await writeFile(this.#pathOf(key), `${url}\n`, { mode: 0o600 });
	}

	async forget(key: UploadKey): Promise<void> {
		await rm(this.#pathOf(key), { force: true });
	}

	#pathOf({ server, remote, sha256, noOverwrite }: UploadKey): string {
		const name = createHash('sha256')
			.update(JSON.stringify([server, remote, sha256, noOverwrite]))
			.digest('hex');
		return join(this.#folder, name.slice(0, 40));
	}
}
