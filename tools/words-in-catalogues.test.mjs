import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './run-command.mjs';

/** Props of components, and fields of columns and the like, that people read; text between tags is biome's to refuse. */
const READ = 'aria-label|title|placeholder|label|description|what|alt|head|word|help';
const LITERAL = new RegExp(`\\b(?:${READ})(?:=|: )(["'\`])((?:(?!\\1).)*\\p{L}{2}(?:(?!\\1).)*)\\1`, 'gu');

/** Examples of what may be typed, and names of what has no other: the same in every language. */
const NO_WORDS = new Set(['priority.thumbnail', 'smtp.example.org', 'millrace@example.org', 'SHA-256']);

/** Words that stand in code: `head: 'Name'`. */
const wordsIn = (text) =>
	[...text.matchAll(LITERAL)].flatMap(([all, , words]) =>
		NO_WORDS.has(words) || /^\$\{[^}]*\}$/.test(words) ? [] : [all],
	);

test('words in props and fields are found, names that code has are not', () => {
	expect(wordsIn(`<p title="Nodes" aria-label={words.all}>`)).toEqual(['title="Nodes"']);
	expect(wordsIn("{ name: 'state', head: 'State' }")).toEqual(["head: 'State'"]);
	expect(wordsIn('placeholder="smtp.example.org" head={words.name} label: words.it')).toEqual([]);
});

test('the words of the console stand in its catalogues', () => {
	const folder = join(ROOT, 'console/admin');
	const files = readdirSync(folder, { recursive: true }).filter(
		(path) => /\.tsx?$/.test(path) && !/\.test\.|words\.ts$/.test(path),
	);
	expect(files.length).toBeGreaterThan(100);
	const found = files.flatMap((path) =>
		wordsIn(readFileSync(join(folder, path), 'utf8')).map((words) => `${path}: ${words}`),
	);
	expect(found).toEqual([]);
});
