import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { CodedError } from '../../../shared/coded-error.ts';
import { requireCondition } from '../../files/condition.ts';
import type { ContentReader } from '../../files/content-reader.ts';
import type { Download } from '../../files/downloads.ts';
import { SMALL_BYTES } from '../../files/small-writer.ts';
import { type ByteRange, etagOf, readCondition, readRange, readTime } from './content-headers.ts';
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
	/** Its entity tag; the SHA-256 unless told. */
	etag?: string;
	size: number;
	contentType: string;
	disposition: string;
	cacheControl: string;
	blobs: ContentReader;
	/** Whose download it is, said by every door; `UNMETERED` when it is nobody's. */
	meter: Meter;
	/** When the content came, in milliseconds; only told, and asked about, when it is given. */
	modifiedAt?: number;
}

/** What is answered to GET or HEAD, before anything has been said. */
export interface ContentPlan {
	status: 200 | 206 | 304;
	headers: OutgoingHttpHeaders;
	/** Null: there is nothing behind the headers. */
	body: StreamedBody | null;
}

/** A range that lies outside, with the header that says so. */
export class RangeOutside extends CodedError {
	readonly contentRange: string;

	constructor(size: number, cause: CodedError) {
		super('range-not-satisfiable', undefined, { cause });
		this.contentRange = `bytes */${size}`;
	}
}

/**
 * The answer to GET and HEAD for content: conditions, one range, and the bytes as a stream. The content's SHA-256 is its
 * entity tag. Whatever the bytes are, no browser runs them. Whoever gets a body must write it: a file is open behind it.
 */
export const planContent = async (
	request: { method?: string | undefined; headers: IncomingHttpHeaders },
	sending: Sending,
): Promise<ContentPlan> => {
	const { size, modifiedAt } = sending;
	const headers: OutgoingHttpHeaders = {
		etag: tagOf(sending),
		'accept-ranges': 'bytes',
		'cache-control': sending.cacheControl,
		'content-security-policy': "sandbox; default-src 'none'",
		'x-content-type-options': 'nosniff',
	};
	if (modifiedAt !== undefined) headers['last-modified'] = new Date(modifiedAt).toUTCString();
	if (isFresh(request.headers, sending)) return { status: 304, headers, body: null };

	const range = rangeOf(request.headers, sending);
	const length = range ? range.last - range.first + 1 : size;
	headers['content-type'] = sending.contentType;
	headers['content-disposition'] = sending.disposition;
	headers['content-length'] = length;
	if (range) headers['content-range'] = `bytes ${range.first}-${range.last}/${size}`;
	const isBare = request.method === 'HEAD' || length === 0;
	const body = isBare ? null : await bodyOf(sending, range ?? { first: 0, last: size - 1 });
	return { status: range ? 206 : 200, headers, body };
};

/** Whether the asker has it already. Tags go before times, as RFC 9110 has it. Throws `precondition-failed`. */
const isFresh = (headers: IncomingHttpHeaders, { sha256, modifiedAt }: Sending): boolean => {
	const { ifMatch, ifNoneMatch } = readCondition(headers);
	requireCondition({ ifMatch, ifNoneMatch: null }, sha256);
	const second = modifiedAt === undefined ? null : Math.floor(modifiedAt / 1_000);
	const unless = ifMatch === null && second !== null ? readTime(headers['if-unmodified-since']) : null;
	if (unless !== null && second! > unless) throw new CodedError('precondition-failed');
	if (ifNoneMatch !== null) return ifNoneMatch === '*' || ifNoneMatch.includes(sha256);
	const since = second === null ? null : readTime(headers['if-modified-since']);
	return since !== null && second! <= since;
};

const tagOf = ({ etag, sha256 }: Sending): string => etag ?? etagOf(sha256);

const rangeOf = (headers: IncomingHttpHeaders, sending: Sending): ByteRange | null => {
	const { size, modifiedAt } = sending;
	const ifRange = headers['if-range'];
	if (ifRange !== undefined && ifRange !== tagOf(sending)) {
		const time = modifiedAt === undefined ? null : readTime(String(ifRange));
		if (time === null || time !== Math.floor(modifiedAt! / 1_000)) return null;
	}
	try {
		return readRange(headers.range, size);
	} catch (error) {
		throw error instanceof CodedError ? new RangeOutside(size, error) : error;
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
