import type { IncomingHttpHeaders } from 'node:http';
import { CodedError } from '../../../shared/coded-error.ts';
import type { Condition } from '../../files/condition.ts';

const ETAG = /^(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"$/;

/** What is in a list of entity tags that could be ours; weak ones only where a weak comparison is meant. */
const readTags = (header: string, name: string, weak: boolean): '*' | string[] => {
	if (header.trim() === '*') return '*';
	return header.split(',').flatMap((part) => {
		const match = ETAG.exec(part.trim());
		if (!match) throw new CodedError('bad-request', `${name} is not a list of entity tags.`);
		return match[1] && !weak ? [] : [contentOf(match[2] ?? '')];
	});
};

/** The conditions of a request. Reads compare weakly in If-None-Match, as RFC 9110 has it; our tags are all strong. */
export const readCondition = (headers: IncomingHttpHeaders): Condition => ({
	ifMatch: headers['if-match'] === undefined ? null : readTags(headers['if-match'], 'If-Match', false),
	ifNoneMatch:
		headers['if-none-match'] === undefined ? null : readTags(headers['if-none-match'], 'If-None-Match', true),
});

export const etagOf = (sha256: string): string => `"${sha256}"`;

/** The same in fewer characters, for where headers get long: some WebDAV clients cut the header `If` at 200. */
export const shortEtagOf = (sha256: string): string => `"${Buffer.from(sha256, 'hex').toString('base64url')}"`;

/** The SHA-256 that a tag of ours stands for, whichever of the two it is. */
const contentOf = (tag: string): string =>
	/^[\w-]{43}$/.test(tag) ? Buffer.from(tag, 'base64url').toString('hex') : tag;

/** The SHA-256 that `Content-Digest` (RFC 9530) declares, in hexadecimal; null when it declares none. */
export const readContentDigest = (header: string | string[] | undefined): string | null => {
	for (const member of [header ?? []].flat().join(',').split(',')) {
		const match = /^\s*sha-256\s*=\s*(.*)$/i.exec(member);
		if (!match) continue;
		const base64 = /^:([A-Za-z0-9+/]{43}=):\s*$/.exec(match[1] ?? '')?.[1];
		if (base64 === undefined) throw new CodedError('bad-request', 'Content-Digest holds no whole SHA-256.');
		return Buffer.from(base64, 'base64').toString('hex');
	}
	return null;
};

/** How many bytes the body is declared to have; null when it comes in chunks. */
export const readContentLength = (header: string | undefined): number | null => {
	if (header === undefined) return null;
	// Node's parser has refused what is no number; what is too large for exact arithmetic is too large anyway.
	const bytes = Number(header);
	if (!Number.isSafeInteger(bytes) || bytes < 0) throw new CodedError('file-too-large');
	return bytes;
};

/** The second that a header names; null for none, and for what is no HTTP date, which RFC 9110 has ignored. */
export const readTime = (header: string | undefined): number | null => {
	const ms = header === undefined || !header.endsWith(' GMT') ? Number.NaN : Date.parse(header);
	return Number.isNaN(ms) ? null : Math.floor(ms / 1_000);
};

export interface ByteRange {
	first: number;
	/** Inclusive. */
	last: number;
}

/**
 * The one range that is asked for; null means the whole. Several ranges, other units and malformed ones are answered
 * with the whole, as RFC 9110 allows. Throws `range-not-satisfiable`.
 */
export const readRange = (header: string | undefined, size: number): ByteRange | null => {
	const match = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header?.replaceAll(' ', '') ?? '');
	if (!match || (match[1] === '' && match[2] === '')) return null;
	if (match[1] === '') {
		const length = Math.min(Number(match[2]), size);
		if (length === 0) throw new CodedError('range-not-satisfiable');
		return { first: size - length, last: size - 1 };
	}
	const first = Number(match[1]);
	const last = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
	if (match[2] !== '' && Number(match[2]) < first) return null;
	if (first >= size) throw new CodedError('range-not-satisfiable');
	return { first, last };
};

/** `Content-Disposition` with a name that old and new clients read (RFC 6266). */
export const disposition = (kind: 'attachment' | 'inline', name: string): string => {
	const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
	const encoded = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
	return `${kind}; filename="${plain}"${plain === name ? '' : `; filename*=UTF-8''${encoded}`}`;
};

/** What a browser may show by itself: nothing of it can run scripts, whatever the bytes are. */
const INLINE_TYPES = new Set([
	'image/jpeg',
	'image/png',
	'image/gif',
	'image/webp',
	'image/avif',
	'audio/mpeg',
	'audio/ogg',
	'audio/wav',
	'audio/webm',
	'video/mp4',
	'video/ogg',
	'video/webm',
	'text/plain',
]);

/** The content type for showing something inline; null when it is only given as a download. */
export const inlineType = (mediaType: string | null): string | null => {
	if (mediaType === null || !INLINE_TYPES.has(mediaType)) return null;
	return mediaType === 'text/plain' ? 'text/plain; charset=utf-8' : mediaType;
};
