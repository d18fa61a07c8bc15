import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const LEAST: readonly [number, number] = [20, 19];
/** Programs that are started from a dock or a menu have a short path of their own. */
const USUAL = ['/usr/local/bin', '/opt/homebrew/bin', '/usr/bin'];
const NEEDED = `An agent needs Node.js ${LEAST.join('.')} or newer on this machine.`;

const isProgram = (path: string): boolean => {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
};

/**
 * The Node.js that runs an agent: this program cannot be one, as its fuses forbid it. Throws a sentence when there is
 * none, or only an old one.
 */
export const findNode = async (path: string | undefined, platform: NodeJS.Platform): Promise<string> => {
	const name = platform === 'win32' ? 'node.exe' : 'node';
	const folders = [...(path ?? '').split(delimiter).filter(Boolean), ...(platform === 'win32' ? [] : USUAL)];
	const found = folders.map((folder) => join(folder, name)).find(isProgram);
	if (found === undefined) throw new Error(`${NEEDED} None was found; install it, then try again.`);
	const { stdout } = await promisify(execFile)(found, ['--version'], { timeout: 10_000 });
	const [major = 0, minor = 0] = stdout.trim().slice(1).split('.').map(Number);
	if (major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1]))
		throw new Error(`${NEEDED} ${found} is ${stdout.trim()}; install a newer one, then try again.`);
	return found;
};
