import { readFileSync } from 'node:fs';

const readVersion = (): string => {
	// From source and from dist/ alike: package.json lies above both.
	for (const up of ['../../package.json', '../../../package.json']) {
		try {
			return JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')).version;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
		}
	}
	return 'unknown';
};

/** This release of the command line. */
export const CLI_VERSION = readVersion();
