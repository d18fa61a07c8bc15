import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { capture, ROOT } from './run-command.mjs';

const SOURCE = /\.(ts|tsx|mjs|cjs|js|css|sh)$/;
const MOST_LINES = 300;
const MOST_LINES_OF_TABLES_AND_TESTS = 500;

/** Tables of data: long by nature, nothing to split. */
const TABLES = [/^shared\/protocol\/errors\.ts$/, /^coordinator\/database\/migrations\//];

const limitOf = (path) =>
	/\.test\.(ts|tsx|mjs)$/.test(path) || TABLES.some((table) => table.test(path))
		? MOST_LINES_OF_TABLES_AND_TESTS
		: MOST_LINES;

/** Tracked and new source files that are longer than one thing should be, as sentences. */
export const longFiles = async () => {
	const { code, stdout, stderr } = await capture('git', [
		'ls-files',
		'-z',
		'--cached',
		'--others',
		'--exclude-standard',
	]);
	if (code !== 0) throw new Error(`git ls-files failed: ${stderr}`);
	const found = [];
	for (const path of new Set(stdout.split('\0'))) {
		if (!SOURCE.test(path) || path.startsWith('test/fixtures/')) continue;
		let text;
		try {
			text = readFileSync(join(ROOT, path), 'utf8');
		} catch (error) {
			if (error.code === 'ENOENT') continue;
			throw error;
		}
		const lines = text.split('\n').length - 1;
		if (lines > limitOf(path)) found.push(`${path} has ${lines} lines; the limit is ${limitOf(path)}`);
	}
	return found;
};

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
	const found = await longFiles();
	for (const sentence of found) console.error(sentence);
	process.exit(found.length > 0 ? 1 : 0);
}
