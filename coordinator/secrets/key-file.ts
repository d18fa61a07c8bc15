import { randomBytes } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BadSetting } from '../config/coordinator-config.ts';
import { KEY_BYTES, keyIdOf } from './seal.ts';

const TEXT = new RegExp(`^[0-9a-f]{${KEY_BYTES * 2}}$`);

const read = async (path: string): Promise<Buffer | null> => {
	let text: string;
	try {
		text = (await readFile(path, 'utf8')).trim();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw error;
	}
	if (TEXT.test(text)) return Buffer.from(text, 'hex');
	throw new BadSetting(
		`--secret-key ${path}: is no key of Millrace, which is ${KEY_BYTES * 2} hexadecimal digits. Put back the one that was there.`,
	);
};

/** Whole or not at all, and on disk before anything is sealed by it. */
const make = async (path: string): Promise<Buffer> => {
	const key = randomBytes(KEY_BYTES);
	const temporary = `${path}.new`;
	const file = await open(temporary, 'w', 0o600);
	try {
		// A leftover of an earlier try may have had other permissions.
		await file.chmod(0o600);
		await file.writeFile(`${key.toString('hex')}\n`);
		await file.sync();
	} finally {
		await file.close();
	}
	await rename(temporary, path);
	const folder = await open(dirname(path), 'r');
	try {
		await folder.sync();
	} finally {
		await folder.close();
	}
	return key;
};

/**
 * The key that secrets are sealed by: read from its file, which is made when nothing was sealed yet. `keyIds` are of the
 * keys by which something is sealed; throws BadSetting when the file holds none of those, since a new key would open nothing.
 */
export const readKeyFile = async (path: string, keyIds: readonly string[]): Promise<Buffer> => {
	const key = await read(path);
	if (key === null && keyIds.length > 0) {
		throw new BadSetting(
			`--secret-key ${path}: is not there, and secrets are sealed by it. Put it back, from where it is kept beside the backups.`,
		);
	}
	if (key !== null && keyIds.some((id) => id !== keyIdOf(key))) {
		throw new BadSetting(
			`--secret-key ${path}: is another key than the one by which secrets are sealed. Put that one back, or name its file.`,
		);
	}
	return key ?? (await make(path));
};
