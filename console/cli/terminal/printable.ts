/**
 * What a terminal would obey instead of show, or show misleadingly: control characters (with C1), line and paragraph
 * separators, everything that turns the writing direction, and halves of surrogate pairs.
 */
const UNSAFE =
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
	/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;

const escaped = (character: string): string => {
	if (character === '\n') return '\\n';
	if (character === '\t') return '\\t';
	if (character === '\r') return '\\r';
	const code = (character.codePointAt(0) ?? 0).toString(16);
	return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u{${code}}`;
};

/** Text from elsewhere (names, logs, messages) as one line that a terminal shows and never obeys. */
export const printable = (text: string): string => text.replace(UNSAFE, escaped);
