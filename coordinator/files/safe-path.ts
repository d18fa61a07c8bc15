import { CodedError } from '../../shared/coded-error.ts';

/** Deepest path, in names. */
export const MAX_DEPTH = 64;
/** Longest path as text, in bytes of UTF-8. */
export const MAX_PATH_BYTES = 4096;
/** Longest single name, in bytes of UTF-8: what every common file system takes when the file is downloaded again. */
export const MAX_NAME_BYTES = 255;

// Control characters of C0 and C1, DEL, line and paragraph separators, and those that turn the direction of writing
// (a name could show `gpj.exe` as `exe.jpg`).
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

const refuse = (why: string): never => {
	throw new CodedError('bad-path', why);
};

/** One name as it is stored: NFC. Throws `bad-path` when it is none. Names are data: they never reach the disk. */
export const parseName = (text: string): string => {
	if (LONE_SURROGATE.test(text)) refuse('A name in the path is not valid Unicode.');
	const name = text.normalize('NFC');
	if (name === '') refuse('A name in the path is empty.');
	if (name === '.' || name === '..') refuse('The names . and .. are not taken in paths.');
	if (name.includes('/')) refuse('A name must not contain a slash.');
	if (FORBIDDEN.test(name)) refuse('A name in the path contains control characters.');
	if (Buffer.byteLength(name) > MAX_NAME_BYTES) refuse(`A name in the path is longer than ${MAX_NAME_BYTES} bytes.`);
	return name;
};

/** Throws `bad-path` when the names make too long or too deep a path. */
export const checkPathLimits = (names: readonly string[]): void => {
	if (names.length > MAX_DEPTH) refuse(`The path is deeper than ${MAX_DEPTH} folders.`);
	if (Buffer.byteLength(formatPath(names)) > MAX_PATH_BYTES) refuse(`The path is longer than ${MAX_PATH_BYTES} bytes.`);
};

/** The names of an absolute path such as `/a/b.jpg`, in NFC; none for the root `/`. Throws `bad-path`. */
export const parsePath = (text: string): string[] => {
	if (!text.startsWith('/')) refuse('The path must begin with a slash.');
	if (text === '/') return [];
	// Before anything is split, so that a huge text costs nothing.
	if (text.length > MAX_PATH_BYTES) refuse(`The path is longer than ${MAX_PATH_BYTES} bytes.`);
	const names = text.slice(1).split('/').map(parseName);
	checkPathLimits(names);
	return names;
};

/** The path that the names make. */
export const formatPath = (names: readonly string[]): string => `/${names.join('/')}`;

/** The path of a name within a folder's path. */
export const childPath = (folder: string, name: string): string => (folder === '/' ? `/${name}` : `${folder}/${name}`);

/** A path of at least one name, cut into its folder and its last name. Throws `bad-path` for the root. */
export const splitPath = (names: readonly string[]): { folder: string[]; name: string } => {
	const name = names.at(-1) ?? refuse('The root itself cannot be meant here.');
	return { folder: names.slice(0, -1), name };
};

/**
 * The path that a part of an address means. Each name is percent-decoded once and only once, so `%252e` stays `%2e`
 * and an encoded slash can never become a border between names.
 */
export const decodePath = (encoded: string): string[] => {
	if (!encoded.startsWith('/')) refuse('The path must begin with a slash.');
	if (encoded === '/') return [];
	if (encoded.length > 3 * MAX_PATH_BYTES) refuse(`The path is longer than ${MAX_PATH_BYTES} bytes.`);
	const names = encoded.slice(1).split('/').map(decodeName);
	checkPathLimits(names);
	return names;
};

const decodeName = (encoded: string): string => {
	let text: string;
	try {
		text = decodeURIComponent(encoded);
	} catch {
		return refuse('The address is not correctly percent-encoded UTF-8.');
	}
	return parseName(text);
};
