import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import { capture, ROOT } from './run-command.mjs';

const CONFIG = /(^|\/)tsconfig[^/]*\.json$/;
const SOURCE = /\.tsx?$/;
/** `from '…'`, `import '…'` and `import('…')` of something in this repository. */
const IMPORT = /\b(?:from|import)\b\s*\(?\s*['"](\.[^'"]+)['"]/g;

/** A pattern of `include` or `exclude`, read from the folder of its config; a folder means all that is in it. */
const matcherOf = (folder, pattern) => {
	const words = posix.join(folder, pattern).replace(/[.+^${}()|[\]\\]/g, '\\$&');
	const inner = words.replace(/\*\*\/|\*/g, (star) => (star === '*' ? '[^/]*' : '(?:.*/)?'));
	return new RegExp(`^${inner}(?:/.*)?$`);
};

/** A config's own files and the configs that it refers to, by their paths from the root. */
const projectOf = (config, paths, read) => {
	const { include = [], exclude = [], references = [] } = JSON.parse(read(config));
	const folder = posix.dirname(config);
	const [taken, left] = [include, exclude].map((patterns) => patterns.map((one) => matcherOf(folder, one)));
	const matches = (matchers, path) => matchers.some((matcher) => matcher.test(path));
	return {
		files: paths.filter((path) => SOURCE.test(path) && matches(taken, path) && !matches(left, path)),
		references: references.map(({ path }) => {
			const target = posix.join(folder, path);
			return CONFIG.test(target) ? target : posix.join(target, 'tsconfig.json');
		}),
	};
};

/**
 * References through which nothing is imported, as sentences: each is a gap in a wall, because the compiler lets pass
 * whatever is imported through it one day. A config without files of its own only lists what is to be built.
 */
export const unusedReferences = (paths, read) => {
	const projects = new Map(
		paths.filter((path) => CONFIG.test(path)).map((config) => [config, projectOf(config, paths, read)]),
	);
	const found = [];
	for (const [config, { files, references }] of projects) {
		if (files.length === 0) continue;
		const imported = new Set(
			files.flatMap((path) =>
				[...read(path).matchAll(IMPORT)].map(([, target]) => posix.join(posix.dirname(path), target)),
			),
		);
		for (const reference of references) {
			const isUsed = projects
				.get(reference)
				?.files.some((path) => imported.has(path) || imported.has(path.replace(SOURCE, '')));
			if (!isUsed)
				found.push(`${config} refers to ${dirname(reference)}, and imports nothing of it: delete the reference`);
		}
	}
	return found;
};

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
	const { code, stdout, stderr } = await capture('git', [
		'ls-files',
		'-z',
		'--cached',
		'--others',
		'--exclude-standard',
	]);
	if (code !== 0) throw new Error(`git ls-files failed: ${stderr}`);
	const isOurs = (path) =>
		(SOURCE.test(path) || CONFIG.test(path)) && !path.startsWith('test/fixtures/') && existsSync(join(ROOT, path));
	const found = unusedReferences([...new Set(stdout.split('\0'))].filter(isOurs), (path) =>
		readFileSync(join(ROOT, path), 'utf8'),
	);
	for (const sentence of found) console.error(sentence);
	process.exit(found.length > 0 ? 1 : 0);
}
