import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { fake } from './fake-electron.ts';
import { REPOSITORY } from './repository.ts';

/** A fault put into the sources on purpose, which tests must find. */
export interface Mutation {
	/** The source, as a path in the repository. */
	file: string;
	/** What is replaced, which must be there, and by what. */
	edits: readonly (readonly [from: string, to: string])[];
}

export interface BootOptions {
	/** Where the program lies: `console/desktop` is below it, and `console/admin`, which is what it shows. */
	program: string;
	/** What it keeps. */
	userData: string;
	mutation?: Mutation;
	version?: string;
	isSealing?: boolean;
}

export type BootedDesktop = { fake: typeof fake };

const ENTRY = `
export { fake } from 'electron';
export const bootMain = () => import('./console/desktop/main/main.ts');
export const bootPreload = () => import('./console/desktop/preload/preload.ts');
`;

const mutated = ({ file, edits }: Mutation): Plugin => ({
	name: 'mutated',
	setup({ onLoad }) {
		const filter = new RegExp(`${file.replaceAll(/[.]/g, '\\.')}$`);
		onLoad({ filter }, () => {
			let contents = readFileSync(join(REPOSITORY, file), 'utf8');
			for (const [from, to] of edits) {
				if (!contents.includes(from)) throw new Error(`${file} does not hold: ${from}`);
				contents = contents.replace(from, () => to);
			}
			return { contents, loader: 'ts' };
		});
	},
});

/** In the repository, so that packages are found: they are not mutated, and need not be bundled each time. */
const FOLDER = join(REPOSITORY, 'dist', 'test-entries');

/** As a coordinator of the same sources has it. */
const OWN_VERSION: string = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')).version;

let count = 0;

/** Boots the real main and the real preload, as the sources are now, on an Electron that is not there. */
export const bootDesktop = async (options: BootOptions): Promise<BootedDesktop> => {
	count += 1;
	mkdirSync(FOLDER, { recursive: true });
	const outfile = join(FOLDER, `desktop-${process.pid}-${count}.mjs`);
	const { outputFiles } = await build({
		stdin: { contents: ENTRY, resolveDir: REPOSITORY, loader: 'ts' },
		outfile,
		write: false,
		bundle: true,
		format: 'esm',
		platform: 'node',
		target: 'node20.19',
		packages: 'external',
		alias: { electron: join(REPOSITORY, 'test/support/fake-electron.ts') },
		// By it the program knows where it lies.
		define: { 'import.meta.url': JSON.stringify(pathToFileURL(join(options.program, 'console/desktop/main/main.js'))) },
		plugins: options.mutation === undefined ? [] : [mutated(options.mutation)],
		logLevel: 'silent',
	});
	writeFileSync(outfile, outputFiles[0]?.contents ?? '');
	const program = (await import(pathToFileURL(outfile).href).finally(() => rmSync(outfile))) as BootedDesktop & {
		bootMain(): Promise<unknown>;
		bootPreload(): Promise<unknown>;
	};
	const { userData, version = OWN_VERSION, isSealing = true } = options;
	Object.assign(program.fake.settings, { userData, version, isSealing });
	await program.bootMain();
	program.fake.becomeReady();
	await program.bootPreload();
	await new Promise(setImmediate);
	const [trouble] = program.fake.errorBoxes;
	if (trouble !== undefined) throw new Error(trouble);
	return program;
};
