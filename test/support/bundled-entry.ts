import { mkdirSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { REPOSITORY } from './repository.ts';

/** In the repository, so that native packages are found. */
const FOLDER = join(REPOSITORY, 'dist', 'test-entries');

/** What packages in CommonJS expect to be there. */
const COMMONJS = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const bundled = new Map<string, Promise<URL>>();

const bundle = async (source: string): Promise<URL> => {
	mkdirSync(FOLDER, { recursive: true });
	const file = join(FOLDER, `${source.replaceAll('/', '-').replace(/\.ts$/, '')}.mjs`);
	const aside = `${file}.${process.pid}`;
	await build({
		entryPoints: [join(REPOSITORY, source)],
		outfile: aside,
		bundle: true,
		format: 'esm',
		platform: 'node',
		target: 'node20.19',
		external: ['better-sqlite3', 'sharp', '@node-rs/argon2'],
		banner: { js: COMMONJS },
		logLevel: 'warning',
	});
	// Whole at every moment: another worker of vitest may be starting it.
	await rename(aside, file);
	return pathToFileURL(file);
};

/**
 * The entry of a thread or a child as one file of JavaScript, as the sources are now, for Node.js 20 cannot load
 * TypeScript by itself. `source` is its path in the repository. Made once in each process.
 */
export const bundledEntry = (source: string): Promise<URL> => {
	const made = bundled.get(source) ?? bundle(source);
	bundled.set(source, made);
	return made;
};
