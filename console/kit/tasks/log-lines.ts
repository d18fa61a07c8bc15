import type { LogLine } from '../../../shared/protocol/task.ts';

/** The newest lines that are kept on the screen. */
export const MOST_LINES = 2_000;

/** Lines with those of the next page; a repeat (two reads at once) adds nothing. */
export const appendLines = (lines: readonly LogLine[], more: readonly LogLine[]): readonly LogLine[] => {
	const last = lines.at(-1)?.seq ?? -1;
	const fresh = more.filter(({ seq }) => seq > last);
	return fresh.length === 0 ? lines : [...lines, ...fresh].slice(-MOST_LINES);
};

/** In the place of what a terminal would obey the coordinator keeps pictures such as `␛`, which few fonts have. */
const PICTURES = 0x2400;

/** A character that a terminal would obey, or a reader be misled by, as programs write it: `\x1b`, `\u202e`. */
const escaped = (character: string): string => {
	const point = character.codePointAt(0) ?? 0;
	const code = point === 0x2421 ? 0x7f : point >= PICTURES && point < 0x2420 ? point - PICTURES : point;
	return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
};

/** A line as it is, with what does not show made visible: for who looks for what is wrong with it. */
export const visible = (text: string): string =>
	text.replace(/[\p{Cc}\p{Bidi_C}\p{Zl}\p{Zp}\u200b\ufeff\u2400-\u241f\u2421]/gu, (character) =>
		character === '\t' ? '\t' : escaped(character),
	);

/** A log line as it may be shown: terminal commands and control characters come out, for logs are written by anybody. */
export const printable = (text: string): string =>
	text
		// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
		.replace(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g, '')
		.replace(/[\p{Cc}\p{Bidi_C}]/gu, (character) => (character === '\t' ? '\t' : ''));
