import { lstat, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CodedError } from '../../../shared/coded-error.ts';

/** Names that Windows gives to devices, with any ending. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

const whatIsWrong = (name: string, platform: NodeJS.Platform): string | null => {
	if (name === '' || name === '.' || name === '..') return 'is no name of its own';
	if (name.includes('/') || name.includes('\0')) return 'holds a separator or a NUL';
	if (Buffer.byteLength(name) > 255) return 'is longer than 255 bytes';
	if (platform !== 'win32') return null;
	if (/[\\:*?"<>|]/.test(name) || /[. ]$/.test(name) || DEVICE.test(name)) return 'means something else on Windows';
	return null;
};

/** Checks a name that came from the server: used as it is, it must name one thing in one folder. Throws `bad-path`. */
export const safeName = (name: string, platform: NodeJS.Platform = process.platform): string => {
	const problem = whatIsWrong(name, platform);
	if (problem !== null)
		throw new CodedError('bad-path', `The server’s name “${name}” ${problem}; it is not used here.`);
	return name;
};

/**
 * A folder that is filled with what a server names. Nothing is ever written outside of it: names are checked one by one,
 * and a link that lies in the way is refused, since it may lead anywhere.
 */
export class TargetFolder {
	readonly root: string;
	readonly #made = new Map<string, Promise<void>>();

	constructor(root: string) {
		this.root = resolve(root);
	}

	/** Where the thing of these names belongs; the folders above it are there afterwards. */
	async place(names: readonly string[]): Promise<string> {
		const safe = names.map((name) => safeName(name));
		await this.#make(safe.slice(0, -1));
		return join(this.root, ...safe);
	}

	/** Makes the folder of these names. */
	async folder(names: readonly string[]): Promise<void> {
		await this.#make(names.map((name) => safeName(name)));
	}

	#make(names: readonly string[]): Promise<void> {
		const path = join(this.root, ...names);
		let made = this.#made.get(path);
		if (made === undefined) {
			made = this.#makeOne(path, names);
			this.#made.set(path, made);
		}
		return made;
	}

	async #makeOne(path: string, names: readonly string[]): Promise<void> {
		if (names.length === 0) {
			await mkdir(path, { recursive: true });
			return;
		}
		await this.#make(names.slice(0, -1));
		try {
			await mkdir(path);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
		}
		const there = await lstat(path);
		if (there.isDirectory()) return;
		const what = there.isSymbolicLink() ? 'a link, which may lead out of the target folder' : 'no folder';
		throw new CodedError('conflict', `${path} is ${what}. Move it away, or choose another target.`);
	}
}
