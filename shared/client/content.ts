import { CodedError } from '../coded-error.ts';
import { type UploadAnswer, uploadAnswerSchema } from '../protocol/file.ts';
import type { CallOptions, HttpClient } from './http-client.ts';

/** The address of a path's content. Throws `bad-path` for a path that addresses cannot express, such as `/a/../b`. */
export const contentPath = (path: string): string => {
	const names = path.split('/').slice(1);
	if (!path.startsWith('/') || names.some((name) => name === '' || name === '.' || name === '..')) {
		throw new CodedError('bad-path', `${path} is not a whole path such as /folder/file.txt.`);
	}
	return `/api/v1/content/${names.map(encodeURIComponent).join('/')}`;
};

/** What an upload declares and demands. */
export interface UploadConditions {
	/** SHA-256 in hexadecimal; the server refuses content that differs. */
	sha256?: string;
	/** Refuse with `precondition-failed` when the path is taken. */
	noOverwrite?: boolean;
	/** Refuse with `precondition-failed` unless the newest content has this SHA-256. */
	ifMatch?: string;
}

/** A SHA-256 in hexadecimal as the value of `Content-Digest` (RFC 9530). */
export const contentDigest = (sha256: string): string => {
	const bytes = sha256.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? [];
	return `sha-256=:${btoa(String.fromCharCode(...bytes))}:`;
};

/** A SHA-256 of an `ETag` header, or null when it is none of ours. */
export const sha256OfEtag = (etag: string | null): string | null => /^"([0-9a-f]{64})"$/.exec(etag ?? '')?.[1] ?? null;

/** Uploads the whole content at once. Never repeated by itself: a repeat after a cut could make a second version. */
export const putContent = (
	http: HttpClient,
	path: string,
	content: Blob | Uint8Array<ArrayBuffer>,
	conditions: UploadConditions = {},
	options: Pick<CallOptions, 'signal'> = {},
): Promise<UploadAnswer> =>
	http.json('PUT', contentPath(path), uploadAnswerSchema, {
		content,
		once: true,
		timeoutMs: 0,
		headers: {
			'content-type': 'application/octet-stream',
			...(conditions.sha256 === undefined ? {} : { 'content-digest': contentDigest(conditions.sha256) }),
			...(conditions.noOverwrite ? { 'if-none-match': '*' } : {}),
			...(conditions.ifMatch === undefined ? {} : { 'if-match': `"${conditions.ifMatch}"` }),
		},
		...options,
	});

/** The size in bytes and SHA-256 of what is at a path; null when nothing is there. */
export const headContent = async (
	http: HttpClient,
	path: string,
	options: Pick<CallOptions, 'signal'> = {},
): Promise<{ size: number; sha256: string | null } | null> => {
	try {
		const response = await http.send('HEAD', contentPath(path), options);
		return {
			size: Number(response.headers.get('content-length') ?? 0),
			sha256: sha256OfEtag(response.headers.get('etag')),
		};
	} catch (error) {
		if (error instanceof CodedError && error.code === 'not-found') return null;
		throw error;
	}
};
