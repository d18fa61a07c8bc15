import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { usageError } from '../failure.ts';
import type { TextStream } from './output.ts';

export type InputStream = NodeJS.ReadableStream & { isTTY?: boolean };

interface Asked {
	stdin: InputStream;
	stderr: TextStream;
	signal: AbortSignal;
}

/** Asks a person; `hidden` shows nothing of what is typed. The question goes to standard error. */
export const ask = async (question: string, { stdin, stderr, signal }: Asked, hidden = false): Promise<string> => {
	const quiet = new Writable({ write: (_chunk, _encoding, done) => done() });
	// The terminal stops echoing here: only then may somebody be asked to type.
	const lines = createInterface({ input: stdin, output: hidden ? quiet : stderr, terminal: true });
	if (hidden) stderr.write(question);
	const stop = new AbortController();
	// In raw mode Ctrl-C is a key, not a signal.
	lines.once('SIGINT', () => stop.abort());
	try {
		return await lines.question(hidden ? '' : question, { signal: AbortSignal.any([signal, stop.signal]) });
	} finally {
		lines.close();
		if (hidden) stderr.write('\n');
	}
};

const MOST_BYTES = 65_536;

/** The first line of standard input, for passwords and tokens from other programs. */
export const readFirstLine = async (stdin: InputStream, what: string): Promise<string> => {
	let text = '';
	for await (const chunk of stdin) {
		text += String(chunk);
		if (text.includes('\n') || text.length > MOST_BYTES) break;
	}
	const line = text.split(/\r?\n/, 1)[0] ?? '';
	if (line === '') throw usageError(`There is no ${what} on standard input.`);
	return line;
};
