import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

const FONT = '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2';

/** Lays the portal's font also where the coordinator's own page /api/docs finds it: under a name without a hash. */
export const fontForDocs = (): Plugin => ({
	name: 'millrace-font-for-docs',
	apply: 'build',
	generateBundle() {
		const source = readFileSync(createRequire(import.meta.url).resolve(FONT));
		this.emitFile({ type: 'asset', fileName: 'fonts/inter.woff2', source });
	},
});
