import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './repository.ts';

/** Told to whoever looks after a coordinator; in this order, since the last one deletes the person whom the others are about. */
export const UPKEEP_DOCUMENTS = ['accounting', 'health', 'monitoring', 'operations', 'data-rights'].map(
	(name) => `docs/${name}.md`,
);

/** A command that a document tells people to run. */
export interface DocumentedCommand {
	/** Such as `docs/health.md:31`. */
	where: string;
	command: string;
}

const OURS = /^(\$ )?(millrace|coordinator|agent) /;

/** Blocks between fences: the word after the fence, their lines, and the number of the first. */
const blocksOf = (text: string): { kind: string; first: number; lines: string[] }[] => {
	const blocks = [];
	let block: { kind: string; first: number; lines: string[] } | null = null;
	for (const [at, line] of text.split('\n').entries()) {
		const fence = /^```(\w*)$/.exec(line);
		if (fence && block) {
			blocks.push(block);
			block = null;
		} else if (fence) block = { kind: fence[1] ?? '', first: at + 2, lines: [] };
		// Blocks by four spaces are told apart from nothing: whoever writes one is asked for fences.
		else if (block) block.lines.push(line);
		else if (OURS.test(line.replace(/^ {4}/, ''))) blocks.push({ kind: '', first: at + 1, lines: [line.slice(4)] });
	}
	return blocks;
};

/**
 * What is to be run of a document, in its order: lines of ```sh, and in ```console those after `$ `. What needs more than a
 * test has, such as a mail server, stands in ```shell: `mentionedCommands` tells of it.
 */
export const documentedCommands = (document: string): DocumentedCommand[] => {
	const found: DocumentedCommand[] = [];
	for (const { kind, first, lines } of blocksOf(readFileSync(join(REPOSITORY, document), 'utf8'))) {
		let begun = '';
		for (const [at, line] of lines.entries()) {
			const where = `${document}:${first + at}`;
			if (kind === 'sh' && line.endsWith('\\')) begun += `${line.slice(0, -1)} `;
			else if (kind === 'sh' && line.trim() !== '') {
				found.push({ where, command: begun + line.trim() });
				begun = '';
			} else if (kind === 'console' && line.startsWith('$ ')) found.push({ where, command: line.slice(2) });
			else if (!['console', 'shell'].includes(kind) && OURS.test(line)) {
				throw new Error(`${where}: a block with commands begins with \`\`\`sh, so that they are tried: ${line}`);
			}
		}
	}
	return found;
};

/** Commands that a document mentions within its sentences and in ```shell; they may leave out what goes without saying. */
export const mentionedCommands = (document: string): DocumentedCommand[] => {
	const text = readFileSync(join(REPOSITORY, document), 'utf8');
	const inSentences = text.split('\n').flatMap((line, at) =>
		[...line.matchAll(/`((?:millrace|coordinator) [^`]+)`/g)].map(([, command = '']) => ({
			where: `${document}:${at + 1}`,
			command,
		})),
	);
	const blocks = blocksOf(text).filter(({ kind }) => kind === 'shell');
	const inBlocks = blocks.flatMap(({ first, lines }) =>
		lines.map((command, at) => ({ where: `${document}:${first + at}`, command })),
	);
	return [...inSentences, ...inBlocks];
};

/** The first block of JSON in a document. */
export const documentedJson = (document: string): unknown => {
	const block = blocksOf(readFileSync(join(REPOSITORY, document), 'utf8')).find(({ kind }) => kind === 'json');
	if (!block) throw new Error(`${document} has no JSON`);
	return JSON.parse(block.lines.join('\n'));
};

/** The words of a simple command line as a shell takes them, without its comment; quotes, no variables. */
export const shellWords = (command: string): string[] => {
	const words: string[] = [];
	for (const [, single, double, bare] of command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)) {
		if (bare?.startsWith('#')) break;
		words.push(single ?? double ?? bare ?? '');
	}
	return words;
};
