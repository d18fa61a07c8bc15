import type { FastifyReply, FastifyRequest } from 'fastify';
import { CodedError } from '../../../shared/coded-error.ts';
import { requireCondition } from '../../files/condition.ts';
import type { ContentReader } from '../../files/content-reader.ts';
import type { Download } from '../../files/downloads.ts';
import { SMALL_BYTES } from '../../files/small-writer.ts';
import { type ByteRange, etagOf, readCondition, readRange } from './content-headers.ts';
import { StreamedBody } from './streamed-body.ts';
import { writeBytes, writeFile } from './write-file.ts';

/** Asked before the first byte of a body, with how many there will be; may refuse. Null: not metered, at full pace. */
type Meter = (bytes: number) => Promise<Download | null>;

/**
 * Sent outside of quota, pace and accounting: what nobody asked to download. That is thumbnails, which pages show by the
 * hundred, and inputs on their way to an agent, which belong to the task that needs them.
 */
export const UNMETERED: Meter = async () => null;

/** Some content and how it is to be given. */
export interface Sending {
	sha256: string;
	size: number;
	contentType: string;
	disposition: string;
	cacheControl: string;
	blobs: ContentReader;
	/** Whose download it is, said by every route; `UNMETERED` when it is nobody's. */
	meter: Meter;
}

/**
 * Answers GET and HEAD for content: conditions, one range, and the bytes as a stream. The content's SHA-256 is its
 * entity tag. Whatever the bytes are, no browser runs them.
 */
export const sendContent = async (
	{ request, reply }: { request: FastifyRequest; reply: FastifyReply },
	sending: Sending,
): Promise<FastifyReply | StreamedBody> => {
	const { sha256, size } = sending;
	reply.headers({
		etag: etagOf(sha256),
		'accept-ranges': 'bytes',
		'cache-control': sending.cacheControl,
		'content-security-policy': "sandbox; default-src 'none'",
		'x-content-type-options': 'nosniff',
	});
	const { ifMatch, ifNoneMatch } = readCondition(request.headers);
	requireCondition({ ifMatch, ifNoneMatch: null }, sha256);
	if (ifNoneMatch === '*' || ifNoneMatch?.includes(sha256)) return reply.code(304).send();

	const range = rangeOf(request, reply, sha256, size);
	const length = range ? range.last - range.first + 1 : size;
	reply.headers({
		'content-type': sending.contentType,
		'content-disposition': sending.disposition,
		'content-length': length,
	});
	if (range) reply.code(206).header('content-range', `bytes ${range.first}-${range.last}/${size}`);
	if (request.method === 'HEAD' || length === 0) return reply.send();
	return bodyOf(sending, range ?? { first: 0, last: size - 1 });
};

const rangeOf = (request: FastifyRequest, reply: FastifyReply, sha256: string, size: number): ByteRange | null => {
	const ifRange = request.headers['if-range'];
	if (ifRange !== undefined && ifRange !== etagOf(sha256)) return null;
	try {
		return readRange(request.headers.range, size);
	} catch (error) {
		if (error instanceof CodedError) reply.header('content-range', `bytes */${size}`);
		throw error;
	}
};

/** Opened before anything is said, so that what is missing, or too much, can still be told. */
const bodyOf = async (sending: Sending, range: ByteRange): Promise<StreamedBody> => {
	const { sha256, size, blobs } = sending;
	const length = range.last - range.first + 1;
	if (size <= SMALL_BYTES) {
		const piece = (await blobs.readSmall(sha256, size)).subarray(range.first, range.last + 1);
		const download = await sending.meter(length);
		return new StreamedBody((response) => writeBytes(piece, response, download));
	}
	const file = await blobs.open(sha256, size);
	let download: Download | null = null;
	try {
		download = await sending.meter(length);
	} catch (error) {
		await file.close();
		throw error;
	}
	return new StreamedBody(async (response) => {
		try {
			await writeFile(file, range, response, download);
		} finally {
			await file.close();
		}
	});
};
