import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const topFolder = (): string => {
	let folder = dirname(fileURLToPath(import.meta.url));
	// From source and from dist/ alike: the first folder upwards with a package.json.
	while (!existsSync(join(folder, 'package.json'))) {
		const parent = dirname(folder);
		if (parent === folder) throw new Error('no package.json above test/support');
		folder = parent;
	}
	return folder;
};

/** The repository's top folder. */
export const REPOSITORY = topFolder();

/** A built program, such as `builtFile('coordinator/main.js')`; throws when it was not built. */
export const builtFile = (path: string): string => {
	const file = join(REPOSITORY, 'dist', path);
	if (!existsSync(file)) throw new Error(`dist/${path} is not there: run npm run build first`);
	return file;
};
