import { UnexpectedAnswerError, UnreachableError } from '../../shared/client/client-errors.ts';
import { CodedError } from '../../shared/coded-error.ts';
import type { ErrorCode } from '../../shared/protocol/errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** A failure found here, not by the server: a sentence for the person, which says what to do next. */
export class CliError extends Error {
	readonly exitCode: ExitCode;

	constructor(exitCode: ExitCode, sentence: string, options: { cause?: unknown } = {}) {
		super(sentence, options.cause === undefined ? undefined : { cause: options.cause });
		this.name = 'CliError';
		this.exitCode = exitCode;
	}
}

export const usageError = (sentence: string): CliError => new CliError(EXIT.usage, sentence);

export interface Explained {
	exitCode: ExitCode;
	/** May hold words of the server: not yet safe for a terminal. */
	sentence: string;
	code: string;
}

/** What to do next, where the server's own sentence does not say it. */
const NEXT: Partial<Record<ErrorCode, string>> = {
	unauthenticated: 'Sign in with: millrace login',
	'bad-credentials': 'Try again with: millrace login',
	'second-factor-wrong': 'Wait for the next code, then try again.',
	'insufficient-scope':
		'Sign in with: millrace login --admin, or with a token that has the scope: millrace login --token',
	'precondition-failed': 'Leave --no-overwrite out to make a new version.',
	'checksum-mismatch': 'Did the file change meanwhile? Try again.',
	'quota-exceeded': 'Remove files for good with: millrace rm --forever',
	'is-a-folder': 'Add --recursive for a folder.',
	'upload-locked': 'Another upload of this file is under way; wait for it.',
};

/** What was written on the command line is wrong, though only the server could tell. */
const WRONG_USAGE: readonly ErrorCode[] = [
	'unknown-task-type',
	'unknown-service-class',
	'parameters-invalid',
	'inputs-invalid',
];

const NOT_SIGNED_IN: readonly ErrorCode[] = [
	'unauthenticated',
	'bad-credentials',
	'second-factor-required',
	'second-factor-wrong',
];

const exitCodeOf = (code: ErrorCode): ExitCode => {
	if (WRONG_USAGE.includes(code)) return EXIT.usage;
	if (NOT_SIGNED_IN.includes(code)) return EXIT.notSignedIn;
	return code === 'not-found' || code === 'no-longer-kept' ? EXIT.notFound : EXIT.failed;
};

const sentenceOf = (error: CodedError): string => {
	// Many an answer tells in its sentence what its fields hold too: that is said once.
	const fields = (error.fields ?? [])
		.filter(({ message }) => !error.message.includes(message))
		.map(({ path, message }) => `${path}: ${message}`)
		.join('; ');
	const wait = error.retryAfter === undefined ? undefined : `Try again in ${error.retryAfter} s.`;
	const parts = [
		fields === '' ? error.message : `${error.message.replace(/\.$/, '')}: ${fields}`,
		wait ?? NEXT[error.code],
	];
	return parts
		.filter((part) => part !== undefined)
		.map((part) => (/[.!?:]$|millrace [a-z -]+$/.test(part) ? part : `${part}.`))
		.join(' ');
};

const fileSystemSentence = (error: NodeJS.ErrnoException): string => {
	const where = error.path === undefined ? '' : `${error.path}: `;
	switch (error.code) {
		case 'ENOENT':
			return `${where}there is no such file or folder here.`;
		case 'EACCES':
		case 'EPERM':
			return `${where}you may not read or write this; check its permissions.`;
		case 'ENOSPC':
			return `${where}the disk here is full; free some space and run the same command again.`;
		case 'EISDIR':
			return `${where}this is a folder.`;
		default:
			return `${where}${error.message}.`;
	}
};

/** Whether an error came from the abort of our own signal. */
export const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

/** Any error as one sentence and an exit code. */
export const explain = (error: unknown): Explained => {
	if (error instanceof CliError) return { exitCode: error.exitCode, sentence: error.message, code: 'failed' };
	if (error instanceof CodedError) {
		return { exitCode: exitCodeOf(error.code), sentence: sentenceOf(error), code: error.code };
	}
	if (error instanceof UnreachableError || error instanceof UnexpectedAnswerError) {
		return { exitCode: EXIT.unreachable, sentence: error.message, code: 'unreachable' };
	}
	if (isAbort(error)) return { exitCode: EXIT.interrupted, sentence: 'Interrupted.', code: 'interrupted' };
	if (error instanceof Error && 'code' in error && 'syscall' in error) {
		return {
			exitCode: EXIT.failed,
			sentence: fileSystemSentence(error as NodeJS.ErrnoException),
			code: String(error.code),
		};
	}
	return { exitCode: EXIT.failed, sentence: error instanceof Error ? error.message : String(error), code: 'failed' };
};
