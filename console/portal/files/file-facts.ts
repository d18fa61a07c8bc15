import type { FileSummary } from '../../../shared/protocol/file.ts';
import type { Json } from '../../../shared/protocol/json.ts';

type Facts = FileSummary['facts'];

const textOf = (value: Json | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null);

export const mimetypeOf = (facts: Facts): string | null => textOf(facts.mimetype);
export const md5Of = (facts: Facts): string | null => textOf(facts.md5);

/** `4000 × 3000`, or null. */
export const dimensionsOf = ({ width, height }: Facts): string | null =>
	typeof width === 'number' && typeof height === 'number' ? `${width} × ${height}` : null;

const KNOWN = new Set(['md5', 'sha256', 'mimetype', 'width', 'height']);

/** By EXIF number, as a picture is stored; the thumbnail is upright. */
const ORIENTATIONS = [
	'upright',
	'mirrored',
	'upside down',
	'upside down, mirrored',
	'on its side, mirrored',
	'on its left side',
	'on its side, mirrored',
	'on its right side',
];

/** Names and values of what our own task types tell, in words. */
const WORDS: Readonly<Record<string, { name: string; word(value: Json): string | undefined }>> = {
	format: { name: 'Format', word: (value) => textOf(value)?.toUpperCase() },
	hasAlpha: { name: 'Transparency', word: (value) => (value === true ? 'yes' : value === false ? 'no' : undefined) },
	orientation: { name: 'Orientation', word: (value) => ORIENTATIONS[Number(value) - 1] },
	pages: { name: 'Frames', word: () => undefined },
	takenAt: { name: 'Taken', word: (value) => textOf(value)?.replace('T', ' ') },
};

/** `lensModel` is `Lens model`. */
const asWords = (name: string): string => {
	const words = name.replaceAll(
		/([a-z0-9])([A-Z])/g,
		(_, end: string, start: string) => `${end} ${start.toLowerCase()}`,
	);
	return words.charAt(0).toUpperCase() + words.slice(1);
};

/** Facts without a place of their own, as words. */
export const otherFacts = (facts: Facts): [string, string][] =>
	Object.entries(facts).flatMap(([name, value]) => {
		if (KNOWN.has(name) || value === null) return [];
		const known = Object.hasOwn(WORDS, name) ? WORDS[name] : undefined;
		const plain = typeof value === 'object' ? JSON.stringify(value) : String(value);
		return [[known?.name ?? asWords(name), known?.word(value) ?? plain]];
	});

const TYPE_WORDS: [RegExp, string][] = [
	[/^image\/svg/, 'SVG drawing'],
	[/^image\/(x-|vnd\.)?([a-z0-9]+)/, 'image'],
	[/^video\//, 'video'],
	[/^audio\//, 'audio'],
	[/^application\/pdf/, 'PDF'],
	[/zip|compressed|x-tar|gzip/, 'Archive'],
	[/^text\/html/, 'HTML'],
	[/^text\//, 'Text'],
	[/json/, 'JSON'],
	[/spreadsheet|excel/, 'Spreadsheet'],
	[/wordprocessing|msword|opendocument\.text/, 'Document'],
];

/** A short word for the type, for lists: `JPEG image`; the type itself when there is none. */
export const typeWord = (facts: Facts): string | null => {
	const type = mimetypeOf(facts);
	if (type === null) return null;
	const word = TYPE_WORDS.find(([pattern]) => pattern.test(type))?.[1];
	if (word === undefined) return type;
	const [, subtype = ''] = type.split('/');
	return /^(image|video|audio)$/.test(word) ? `${subtype.replace(/^(x-|vnd\.)/, '').toUpperCase()} ${word}` : word;
};

/** What browsers show inline and the server lets them. */
export const isPreviewable = (facts: Facts): boolean =>
	/^image\/(jpeg|png|webp|gif|avif)$/.test(mimetypeOf(facts) ?? '');
