import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The path of a program on PATH, or null. */
export const findProgram = (name: string): string | null => {
	for (const folder of (process.env.PATH ?? '/usr/bin:/bin').split(delimiter)) {
		const path = join(folder, name);
		try {
			accessSync(path, constants.X_OK);
			return path;
		} catch {
			// Not in this folder: on to the next.
		}
	}
	return null;
};
