import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, npm, ROOT, run, runBehind, stopWith } from './run-command.mjs';

const LEAST_NODE = [20, 19];

/** Stops with a sentence when this Node.js is older than what package.json asks for. */
export const checkNode = () => {
	const [major, minor] = process.versions.node.split('.').map(Number);
	if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1])) {
		stopWith(`Millrace needs Node.js ${LEAST_NODE.join('.')} or newer; this is ${process.versions.node}.`);
	}
};

const packagesOf = (path) => {
	try {
		return JSON.parse(readFileSync(join(ROOT, path), 'utf8')).packages;
	} catch (error) {
		if (error.code === 'ENOENT') return null;
		throw error;
	}
};

/**
 * True when node_modules holds exactly what package-lock.json says. npm writes its own record of what it installed as
 * its last step, so an interrupted installation does not count.
 */
export const isInstalled = () => {
	const wanted = packagesOf('package-lock.json');
	const there = packagesOf('node_modules/.package-lock.json');
	if (there === null) return false;
	return Object.entries(wanted).every(([path, entry]) => {
		if (path === '') return true;
		const found = there[path];
		return found ? found.version === entry.version && found.integrity === entry.integrity : entry.optional === true;
	});
};

const COMPILING =
	'Where there is no prebuilt one for this system it is compiled, which needs a C++ compiler, make, python3 and the headers of Node.js; where those cannot be downloaded, set npm_config_nodedir to the folder that has include/node.';

const loadsNativeSqlite = async () => {
	const probe = "new (require('better-sqlite3'))(':memory:').close()";
	return (await capture(process.execPath, ['-e', probe])).code === 0;
};

/** Installs what package-lock.json names, unless it is there; npm may have held back better-sqlite3's own build. */
export const ensureInstalled = async () => {
	checkNode();
	if (!isInstalled()) {
		console.log('Installing packages (one to three minutes) …');
		// Errors only: Electron's own tools warn at length that they want a newer Node.js, and are not run here.
		if ((await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'])) !== 0) {
			stopWith(
				`npm ci failed: see the lines above. If they name better-sqlite3 or node-gyp: ${COMPILING} Otherwise: is the package registry within reach?`,
			);
		}
	}
	if (await loadsNativeSqlite()) return;
	console.log('Building better-sqlite3 for this Node.js (about a minute and a half) …');
	const built = await npm(['rebuild', 'better-sqlite3', '--foreground-scripts']);
	if (built !== 0 || !(await loadsNativeSqlite())) {
		stopWith(`better-sqlite3 could not be built: see the lines above. ${COMPILING}`);
	}
};

/** Runs one node program of an installed package, such as `typescript/bin/tsc`. */
export const runTool = (path, args, options) =>
	run(process.execPath, [join(ROOT, 'node_modules', path), ...args], options);

/** The same, behind everything else. */
export const runToolBehind = (path, args, options) =>
	runBehind(process.execPath, [join(ROOT, 'node_modules', path), ...args], options);
