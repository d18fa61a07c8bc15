import {
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { ROOT } from './run-command.mjs';

/** The folders in dist/ that the programs lie in, and the source of each file there that is started by its name. */
const PROGRAMS = {
	'dist/coordinator': {
		main: 'coordinator/main.ts',
		'ledger-thread': 'coordinator/ledger-thread.ts',
		'blob-thread': 'coordinator/blob-thread.ts',
		'history-thread': 'coordinator/history-thread.ts',
		'backup-thread': 'coordinator/backup-thread.ts',
		'what-if-thread': 'coordinator/what-if-thread.ts',
		'story-thread': 'coordinator/journal/story-thread.ts',
		'statement-thread': 'coordinator/accounting/statement-thread.ts',
	},
	'dist/agent': { main: 'agent/main.ts', 'child/main': 'agent/child/main.ts' },
	'dist/console/cli': { main: 'console/cli/main.ts' },
	'dist/console/desktop/main': { main: 'console/desktop/main/main.ts' },
	'dist/console/desktop/preload': { preload: 'console/desktop/preload/preload.ts' },
};

/** A confined preload is one script of the older kind, which finds nothing but Electron. */
const OTHERWISE = {
	'dist/console/desktop/preload': {
		...{ format: 'cjs', splitting: false, outExtension: { '.js': '.cjs' }, sourcemap: false, banner: {} },
	},
};

/** Not code, so nothing bundles them: the coordinator looks for them beside itself. */
const SAMPLES = ['coordinator/datasets/samples', 'dist/coordinator/samples'];
const FONTS = ['node_modules/dejavu-fonts-ttf', 'dist/coordinator/fonts'];
const FONT_FILES = ['ttf/DejaVuSans.ttf', 'ttf/DejaVuSans-Bold.ttf', 'LICENSE'];

const ICONS = ['console/desktop/icons', 'dist/console/desktop/icons'];

/** Native code looks for files of its own; ws tries the two before the last and does without; Electron is the program itself. */
const LEFT_OUT = ['better-sqlite3', 'sharp', '@node-rs/argon2', 'bufferutil', 'utf-8-validate', 'electron'];

/** What packages in CommonJS expect to be there. */
const COMMONJS = [
	"import { createRequire as __createRequire } from 'node:module'",
	"import { fileURLToPath as __toPath } from 'node:url'",
	'const require = __createRequire(import.meta.url)',
	"const __filename = __toPath(import.meta.url), __dirname = __toPath(new URL('.', import.meta.url));",
].join(';');

/** zod carries its messages in fifty languages, a third of it, and every thread of every program would read them. */
const english = {
	name: 'english',
	setup(build) {
		build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
			contents: "export { default as en } from './en.js';",
		}));
	},
};

const optionsFor = (folder) => ({
	absWorkingDir: ROOT,
	entryPoints: PROGRAMS[folder],
	outdir: folder,
	bundle: true,
	format: 'esm',
	platform: 'node',
	target: 'node20.19',
	// What is imported when it is needed stays in a file of its own, beside the others so that all find the same things there.
	splitting: true,
	chunkNames: '[name]-[hash]',
	// Shorter by a third, which is as much less to read at every start; names stay, for whoever reads a trace.
	minifyWhitespace: true,
	minifySyntax: true,
	lineLimit: 160,
	legalComments: 'none',
	// For `node --enable-source-maps`.
	sourcemap: 'linked',
	sourcesContent: false,
	external: LEFT_OUT,
	banner: { js: COMMONJS },
	plugins: [english],
	logLevel: 'warning',
	...OTHERWISE[folder],
});

/** A file is whole at every moment: tests of two runs may share the folder, and one of them starts programs from it. */
const put = ({ path, contents }) => {
	mkdirSync(dirname(path), { recursive: true });
	const aside = `${path}.${process.pid}`;
	writeFileSync(aside, contents, { mode: 0o755 });
	renameSync(aside, path);
};

/** Deletes what earlier bundles left in a folder. */
const tidy = (folder, written) => {
	const names = new Set(written.map((path) => relative(folder, path)));
	for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
		const path = join(entry.parentPath, entry.name);
		if (entry.isFile() && /\.js(\.map)?$/.test(entry.name) && !names.has(relative(folder, path))) rmSync(path);
	}
};

/** By which Electron knows what it starts, and a packed agent which release it is. */
const aboutConsole = () => {
	const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
	return JSON.stringify({ name, version, type: 'module', main: 'desktop/main/main.js' });
};

const STAMP = join(ROOT, 'dist', '.bundled');
const SOURCES = [
	'shared',
	'coordinator',
	'agent',
	'console/cli',
	'console/desktop',
	'console/bridge.ts',
	'tools/bundle.mjs',
	'package-lock.json',
];

const newestIn = (path) => {
	const stat = statSync(path);
	if (!stat.isDirectory()) return stat.mtimeMs;
	return readdirSync(path).reduce((newest, name) => Math.max(newest, newestIn(join(path, name))), stat.mtimeMs);
};

/** Makes of each program few files, which load in a fraction of the time that a thousand modules take. */
export const bundle = async ({ isTidy = false } = {}) => {
	const { build } = await import('esbuild');
	const startedAt = new Date();
	for (const folder of Object.keys(PROGRAMS)) {
		const { outputFiles } = await build({ ...optionsFor(folder), write: false });
		// The entries come last: what they import is there by then.
		const isEntry = ({ path }) => /^main|-thread/.test(basename(path));
		for (const file of outputFiles.toSorted((a, b) => isEntry(a) - isEntry(b))) put(file);
		if (isTidy)
			tidy(
				join(ROOT, folder),
				outputFiles.map(({ path }) => path),
			);
	}
	for (const folders of [SAMPLES, ICONS]) {
		const [from, to] = folders.map((path) => join(ROOT, path));
		cpSync(from, to, { recursive: true });
	}
	for (const file of FONT_FILES) cpSync(join(ROOT, FONTS[0], file), join(ROOT, FONTS[1], basename(file)));
	put({ path: join(ROOT, 'dist', 'console', 'package.json'), contents: aboutConsole() });
	put({ path: STAMP, contents: startedAt.toISOString() });
};

/** Bundles when a source is newer than the last bundle. */
export const ensureBundled = async () => {
	const builtAt = existsSync(STAMP) ? statSync(STAMP).mtimeMs : 0;
	if (SOURCES.some((path) => newestIn(join(ROOT, path)) > builtAt)) await bundle();
};

/** Bundles whenever a source changes, until the process ends. */
export const keepBundled = async () => {
	const { context } = await import('esbuild');
	for (const folder of Object.keys(PROGRAMS)) await (await context(optionsFor(folder))).watch();
};
