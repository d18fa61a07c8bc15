import { readFileSync } from 'node:fs';

const packageFile = (): string => {
	for (const path of ['../../package.json', '../../../package.json']) {
		try {
			return readFileSync(new URL(path, import.meta.url), 'utf8');
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
		}
	}
	throw new Error('package.json is not where it should be');
};

/** The version of this Millrace, as in package.json; the file lies one folder higher when running from dist. */
export const MILLRACE_VERSION: string = (JSON.parse(packageFile()) as { version: string }).version;
