import { promisify } from 'node:util';
import { constants, deflateRaw, inflateRawSync } from 'node:zlib';

const deflate = promisify(deflateRaw);

/** No chunk is larger than this when it is whole: one event more than 64 KiB. Bytes. */
const MOST_INFLATED = 32 * 1024 * 1024;
/** Room for the output of one call. */
const LEAST_ROOM = 1_024;
const MOST_ROOM = 64 * 1024;
const EXPANDS_TIMES = 4;
/** What is smaller is not made smaller: a second of little work, of which a day has tens of thousands. Bytes. */
const LEAST_DEFLATED = 512;

/** A stored block, the last one, as deflate writes it (RFC 1951, 3.2.4): a byte, the length, its complement, the bytes. */
const STORED = 1;
const HEADER_BYTES = 5;

/** A chunk as it is stored, always a stream of raw deflate. */
export const squeeze = async (bytes: Buffer): Promise<Buffer> => {
	if (bytes.length >= LEAST_DEFLATED) return deflate(bytes, { level: constants.Z_BEST_SPEED });
	const header = Buffer.alloc(HEADER_BYTES);
	header.writeUInt8(STORED);
	header.writeUInt16LE(bytes.length, 1);
	header.writeUInt16LE(bytes.length ^ 0xffff, 3);
	return Buffer.concat([header, bytes]);
};

/**
 * The chunk again; throws when it cannot be read. Nobody reads the journal on an event loop that has other work, and to
 * hand a few hundred bytes to another thread takes longer than to inflate them. To make an inflater takes as long as to
 * read what is in most chunks: a stored block needs none.
 */
export const unsqueeze = (body: Uint8Array): Buffer => {
	const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
	if (isStored(bytes)) return bytes.subarray(HEADER_BYTES);
	const chunkSize = Math.min(MOST_ROOM, Math.max(LEAST_ROOM, body.length * EXPANDS_TIMES));
	return inflateRawSync(body, { maxOutputLength: MOST_INFLATED, chunkSize });
};

const isStored = (bytes: Buffer): boolean => {
	if (bytes.length < HEADER_BYTES || bytes[0] !== STORED) return false;
	const length = bytes.readUInt16LE(1);
	return length === bytes.length - HEADER_BYTES && bytes.readUInt16LE(3) === (length ^ 0xffff);
};
