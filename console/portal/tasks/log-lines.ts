import type { LogLine } from '../../../shared/protocol/task.ts';

/** The newest lines that are kept on the screen. */
export const MOST_LINES = 2_000;

/** Lines with those of the next page; a repeat (two reads at once) adds nothing. */
export const appendLines = (lines: readonly LogLine[], more: readonly LogLine[]): readonly LogLine[] => {
	const last = lines.at(-1)?.seq ?? -1;
	const fresh = more.filter(({ seq }) => seq > last);
	return fresh.length === 0 ? lines : [...lines, ...fresh].slice(-MOST_LINES);
};

/** A log line as it may be shown: terminal commands and control characters come out, for logs are written by anybody. */
export const printable = (text: string): string =>
	text
		// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
		.replace(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g, '')
		.replace(/[\p{Cc}\p{Bidi_C}]/gu, (character) => (character === '\t' ? '\t' : ''));
