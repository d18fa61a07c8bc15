import { constants } from 'node:os';
import { basename } from 'node:path';
import { ERRORS } from '../../shared/protocol/errors.ts';

/** What there is of an error without its words, which name whatever went wrong: files, people, addresses. */
export interface ErrorFacts {
	type?: string;
	code?: string;
	syscall?: string;
	/** Where in the program, innermost first: file, line and column. */
	frames?: string[];
}

const MOST_FRAMES = 12;
const FRAME = /^ {4}at .*?([^\s()/\\]+\.[cm]?[jt]s:\d+:\d+)\)?$/;
const CODE_IN_TEXT = /\b(?:E[A-Z0-9]{2,20}|SQLITE_[A-Z]+(?:_[A-Z]+)*)\b/g;
const SQLITE =
	/^SQLITE_(ABORT|AUTH|BUSY|CANTOPEN|CONSTRAINT|CORRUPT|ERROR|FULL|INTERNAL|IOERR|LOCKED|MISUSE|NOMEM|NOTADB|PROTOCOL|READONLY|SCHEMA|TOOBIG)(_[A-Z]+)*$/;

const isCode = (text: string): boolean =>
	Object.hasOwn(constants.errno, text) ||
	Object.hasOwn(ERRORS, text) ||
	SQLITE.test(text) ||
	/^ERR_[A-Z_]{1,50}$/.test(text);

const word = (value: unknown, shape: RegExp): string | undefined =>
	typeof value === 'string' && shape.test(value) ? value : undefined;

/** Codes of the system, of SQLite and of Node that a text has, each once: all that is kept of it. */
export const codesIn = (text: string): string[] => [
	...new Set([...text.slice(0, 2_000).matchAll(CODE_IN_TEXT)].map(([code]) => code).filter(isCode)),
];

/** Of an error, or of what a log keeps of one. */
export const errorFacts = (error: unknown): ErrorFacts => {
	if (typeof error !== 'object' || error === null) return {};
	const { type, code, syscall, message, stack } = error as Record<string, unknown>;
	// A message that looks like a frame is none: the message stands first.
	const text = typeof stack === 'string' ? stack.replace(typeof message === 'string' ? message : '', '') : '';
	const frames = text.split('\n').flatMap((line) => {
		const [, place] = FRAME.exec(line) ?? [];
		return place === undefined ? [] : [basename(place)];
	});
	const facts = {
		type: word(type ?? (error instanceof Error ? error.constructor.name : undefined), /^[A-Za-z]{1,40}$/),
		code: typeof code === 'string' && isCode(code) ? code : undefined,
		syscall: word(syscall, /^[a-z]{1,20}$/),
		frames: frames.length > 0 ? frames.slice(0, MOST_FRAMES) : undefined,
	};
	return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
};
