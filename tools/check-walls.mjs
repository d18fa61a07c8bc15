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

/** What a file imports of this repository, by paths from the root. */
const importsOf = (path, read) =>
	[...read(path).matchAll(IMPORT)].map(([, target]) => posix.join(posix.dirname(path), target));

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
		const imported = new Set(files.flatMap((path) => importsOf(path, read)));
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

/**
 * Circles among the folders of one, as sentences: of two that import each other neither can be understood, or loaded,
 * without the other. Files that lie in it directly, and tests, bind folders together and do not count.
 */
export const circlesIn = (within, paths, read) => {
	const folderOf = (path) => (path.startsWith(`${within}/`) ? path.slice(within.length + 1).split('/') : []);
	const edges = new Map();
	for (const path of paths.filter((one) => SOURCE.test(one) && !/\.test\.tsx?$/.test(one))) {
		const [from, rest] = folderOf(path);
		if (rest === undefined) continue;
		for (const target of importsOf(path, read)) {
			const [to, inner] = folderOf(target);
			if (inner === undefined || to === from) continue;
			edges.set(from, (edges.get(from) ?? new Map()).set(to, `${path} imports ${target}`));
		}
	}
	const reach = (from, to, seen = new Set()) =>
		[...(edges.get(from)?.keys() ?? [])].some(
			(next) => next === to || (!seen.has(next) && reach(next, to, seen.add(next))),
		);
	return [...edges].flatMap(([from, targets]) =>
		[...targets].filter(([to]) => reach(to, from)).map(([, how]) => `${how}, which leads back: a circle of folders`),
	);
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
	const ours = [...new Set(stdout.split('\0'))].filter(isOurs);
	const read = (path) => readFileSync(join(ROOT, path), 'utf8');
	const found = [...unusedReferences(ours, read), ...circlesIn('console/admin', ours, read)];
	for (const sentence of found) console.error(sentence);
	process.exit(found.length > 0 ? 1 : 0);
}
