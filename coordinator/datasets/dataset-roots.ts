import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, sep } from 'node:path';
import { CodedError } from '../../shared/coded-error.ts';

const refuse = (message: string): CodedError =>
	new CodedError('invalid', message, { fields: [{ path: 'from.directory', message }] });

/** The directory as it really is, links resolved. Throws unless it lies below one of those that the operator has opened. */
export const requireBelowRoots = async (directory: string, roots: readonly string[]): Promise<string> => {
	if (roots.length === 0) {
		throw refuse('No directory is open for datasets: start the coordinator with --dataset-roots DIR,DIR.');
	}
	if (!isAbsolute(directory) || directory.includes('\0')) throw refuse('Name the directory by its whole path.');
	const real = await realpath(directory).catch(() => null);
	for (const root of roots) {
		const top = await realpath(root).catch(() => null);
		if (top === null || real === null) continue;
		if (real !== top && !real.startsWith(top.endsWith(sep) ? top : top + sep)) continue;
		if ((await stat(real)).isDirectory()) return real;
	}
	// Whether it is there tells nobody what lies elsewhere on the machine.
	throw refuse('There is no such directory below those that are open for datasets (--dataset-roots).');
};
