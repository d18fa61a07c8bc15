/** What terminals and pages may obey instead of show: control characters other than tabs, and turned writing directions. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const OBEYED = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

const shown = (character: string): string => {
	const code = character.charCodeAt(0);
	// Unicode has a picture for each of the old ones.
	if (code < 0x20) return String.fromCharCode(0x2400 + code);
	return code === 0x7f ? '\u2421' : '\ufffd';
};

/** An agent's words as one line that is only ever shown. */
export const plainText = (text: string): string => text.replace(OBEYED, shown);
