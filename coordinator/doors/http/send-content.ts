import type { FileHandle } from 'node:fs/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CodedError } from '../../../shared/coded-error.ts';
import { requireCondition } from '../../files/condition.ts';
import { type ByteRange, etagOf, readCondition, readRange } from './content-headers.ts';

/** Read from the disk at once. Larger makes nothing faster (measured) and costs memory per download. */
const READ_BYTES = 256 * 1024;

/** Some content and how it is to be given. */
export interface Sending {
	sha256: string;
	size: number;
	contentType: string;
	disposition: string;
	cacheControl: string;
	open(sha256: string): Promise<FileHandle>;
	/** Called when a body has ended, whole or not, with what went out. */
	onSent?: (bytes: number, wallMs: number) => void;
}

/**
 * Answers GET and HEAD for content: conditions, one range, and the bytes as a stream. The content's SHA-256 is its
 * entity tag. Whatever the bytes are, no browser runs them.
 */
export const sendContent = async (
	{ request, reply }: { request: FastifyRequest; reply: FastifyReply },
	sending: Sending,
): Promise<FastifyReply> => {
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
	return reply.send(await openStream(sending, range ?? { first: 0, last: size - 1 }));
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

/** Fastify destroys the stream when the receiver goes away, and with it the file is closed. */
const openStream = async (sending: Sending, range: ByteRange) => {
	const startedAt = performance.now();
	const file = await sending.open(sending.sha256);
	const { size } = await file.stat();
	if (size !== sending.size) {
		await file.close();
		throw new Error(`the blob ${sending.sha256} has ${size} bytes instead of ${sending.size}`);
	}
	const stream = file.createReadStream({ start: range.first, end: range.last, highWaterMark: READ_BYTES });
	stream.once('close', () => sending.onSent?.(stream.bytesRead - stream.readableLength, performance.now() - startedAt));
	return stream;
};
