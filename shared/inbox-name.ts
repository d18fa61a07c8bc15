/** The folder in the root of everybody's tree that holds the inboxes of their recipes. */
export const INBOX = '_inbox';

/** How the names end of what the drive shows beside files in it, to say how far they are. */
export const STATUS_END = '.status.txt';

const MOST_BYTES = 200;
// Of Windows, which cannot make a folder with these in its name; and what no path takes.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
const UNUSABLE = /[<>:"/\\|?*\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const AT_THE_END = /[. ]+$/;

/**
 * The name of a recipe's folder in the inbox. Two recipes whose names come to one folder share it, and both run on what is
 * put there.
 */
export const inboxName = (recipe: string): string => {
	let bytes = 0;
	const letters = [...recipe.normalize('NFC').replace(UNUSABLE, '-')].filter((letter) => {
		bytes += bytesOf(letter);
		return bytes <= MOST_BYTES;
	});
	const name = letters.join('').replace(AT_THE_END, '').trimStart();
	return name === '' ? '-' : name;
};

/** Of one code point in UTF-8. */
const bytesOf = (letter: string): number => {
	const code = letter.codePointAt(0) ?? 0;
	if (code < 0x80) return 1;
	if (code < 0x800) return 2;
	return code < 0x10000 ? 3 : 4;
};

/** The path of a recipe's folder in the inbox. */
export const inboxPath = (recipe: string): string => `/${INBOX}/${inboxName(recipe)}`;
