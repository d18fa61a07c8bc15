import { numberedName } from './free-name.ts';

// What Windows does not take in names, or takes for a border between them.
const FOREIGN = /[\\:*?"<>|]/g;
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** A name that can be unpacked anywhere without leaving its folder. */
export const portableName = (name: string): string => {
	const plain = name.replace(FOREIGN, '_').replace(/[. ]+$/, (end) => '_'.repeat(end.length));
	return RESERVED.test(plain) ? `_${plain}` : plain;
};

/** Gives every file and folder of an archive a portable path of its own. Folders come before what is in them. */
export class ArchiveNames {
	readonly #folders = new Map<string, string>([['', '']]);
	readonly #used = new Set<string>();
	/** The number that the next thing of a name that is taken is tried with: thousands of results are named alike. */
	readonly #numbers = new Map<string, number>();

	/** The path in the archive for a folder's path in the tree. */
	folder(path: string): string {
		const cut = path.lastIndexOf('/');
		const made = this.#unique(path.slice(0, Math.max(cut, 0)), path.slice(cut + 1));
		this.#folders.set(path, made);
		return made;
	}

	/** The path in the archive for a file of a folder that was named before. */
	file(folder: string, name: string): string {
		return this.#unique(folder, name);
	}

	#unique(folder: string, name: string): string {
		const parent = this.#folders.get(folder);
		if (parent === undefined) throw new Error('a folder of an archive was not named before what is in it');
		const at = (wanted: string): string => (parent === '' ? wanted : `${parent}/${wanted}`);
		const wanted = at(portableName(name));
		let path = wanted;
		for (let n = this.#numbers.get(wanted) ?? 2; this.#used.has(path); n++) {
			path = at(numberedName(portableName(name), n));
			this.#numbers.set(wanted, n + 1);
		}
		this.#used.add(path);
		return path;
	}
}
