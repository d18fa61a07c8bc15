import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './run-command.mjs';
import { stringLiteralsIn, VALUE } from './string-literals.mjs';

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

/** What is typed, not read: commands, and files for a machine. */
const TYPED = /^(?:millrace |coordinator |echo |openssl |#cloud-config|MILLRACE_TOKEN=)/;
/** The beginning of what the server says, which is looked for, and what only a developer meets. */
const NOT_SHOWN = new Set(['It is ', 'the page has no #root']);
/** So many words in a row are a sentence, with a capital or without; of a template, whose values are words too, fewer. */
const SENTENCE = 4;
const SENTENCE_WITH_VALUES = 2;

/** Wherever they stand, also as arguments: `settings('log', 'To the log')`. */
const sentencesIn = (text) =>
	stringLiteralsIn(text).filter((literal) => {
		const plain = literal.replaceAll(VALUE, '');
		if (!literal.includes(' ') || !/\p{L}{2}/u.test(plain) || TYPED.test(literal) || NOT_SHOWN.has(literal))
			return false;
		const words = literal.split(/[\s\0]+/).filter((word) => /\p{L}{2}/u.test(word)).length;
		return /\p{Lu}/u.test(plain) || words >= (literal === plain ? SENTENCE : SENTENCE_WITH_VALUES);
	});

test('sentences are found wherever they stand, commands, classes and addresses are not', () => {
	const foundIn = (code) => sentencesIn(code.replaceAll('@{', '${'));
	expect(foundIn("settings('log', 'To the log'); // 'In a comment'")).toEqual(['To the log']);
	expect(foundIn('const a = `@{f(`Up to @{most}`)} px`;')).toEqual([`Up to ${VALUE}`]);
	expect(foundIn("const a = { b: `@{c} at most`, d: 'must be a whole number' };")).toEqual([
		`${VALUE} at most`,
		'must be a whole number',
	]);
	expect(foundIn("const a = [`@{page.row} wide`, 'row quiet', `/tasks?@{new URLSearchParams(A)}`];")).toEqual([]);
	expect(foundIn('const a = `millrace admin queue pause @{name} --reason WHY`;')).toEqual([]);
});

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
	const found = files.flatMap((path) => {
		const text = readFileSync(join(folder, path), 'utf8');
		return [...wordsIn(text), ...sentencesIn(text)].map((words) => `${path}: ${words}`);
	});
	expect(found).toEqual([]);
});
