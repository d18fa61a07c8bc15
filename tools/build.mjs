import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from './bundle.mjs';
import { ensureInstalled, runTool } from './install.mjs';
import { ROOT, stopWith } from './run-command.mjs';

const STAMP = join(ROOT, 'dist', '.built');
const SOURCES = ['shared', 'coordinator', 'agent', 'console', 'test'];
const ROOT_FILES = ['package-lock.json', 'tsconfig.json', 'tsconfig.base.json', 'tools/bundle.mjs'];

const newestIn = (folder) => {
	let newest = statSync(folder).mtimeMs;
	for (const entry of readdirSync(folder, { withFileTypes: true })) {
		const path = join(folder, entry.name);
		newest = Math.max(newest, entry.isDirectory() ? newestIn(path) : statSync(path).mtimeMs);
	}
	return newest;
};

/** True when something under the source folders changed (or went) after the last whole build. */
export const isStale = () => {
	if (!existsSync(STAMP)) return true;
	const builtAt = statSync(STAMP).mtimeMs;
	if (ROOT_FILES.some((file) => statSync(join(ROOT, file)).mtimeMs > builtAt)) return true;
	return SOURCES.some((folder) => newestIn(join(ROOT, folder)) > builtAt);
};

/** Checks and compiles everything, and bundles the programs, the portal and the console into dist/. Stops with a sentence on failure. */
export const build = async () => {
	rmSync(STAMP, { force: true });
	const startedAt = new Date();
	const screens = (name) =>
		runTool('vite/bin/vite.js', ['build', '--config', join('console', name, 'vite.config.ts'), '--logLevel', 'warn']);
	// None of them reads what another one makes.
	const [compiled, , portal, admin] = await Promise.all([
		runTool('typescript/bin/tsc', ['--build']),
		bundle({ isTidy: true }),
		screens('portal'),
		screens('admin'),
	]);
	if (compiled !== 0) stopWith('The TypeScript build failed: see above.');
	if (portal !== 0) stopWith('The portal’s build failed: see above.');
	if (admin !== 0) stopWith('The console’s build failed: see above.');
	writeFileSync(STAMP, startedAt.toISOString());
};

/** Builds when anything is newer than the last build. */
export const ensureBuilt = async () => {
	if (!isStale()) return;
	console.log('Building …');
	await build();
};

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
	await ensureInstalled();
	await build();
}
