import type { FileHandle } from 'node:fs/promises';

const MOST_HEADERS = 64;
const MOST_DYNAMIC_BYTES = 16 * 1024;
const PT_DYNAMIC = 2;
const DT_FLAGS_1 = 0x6ffffffb;
const DF_1_PIE = 0x08000000;

const KINDS: Readonly<Record<number, string>> = {
	1: 'application/x-object',
	2: 'application/x-executable',
	4: 'application/x-coredump',
};

const read = async (file: FileHandle, at: number, length: number): Promise<Buffer> => {
	const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
	return buffer.subarray(0, bytesRead);
};

/** Reads numbers as the file's class (32 or 64 bits) and byte order say. */
const readerOf = (isWide: boolean, isLittle: boolean) => ({
	half: (bytes: Buffer, at: number) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)),
	word: (bytes: Buffer, at: number) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)),
	address: (bytes: Buffer, at: number) => {
		if (!isWide) return isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
		return Number(isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
	},
});

const isPositionIndependent = async (file: FileHandle, head: Buffer): Promise<boolean> => {
	const isWide = head[4] === 2;
	const { half, word, address } = readerOf(isWide, head[5] === 1);
	const headersAt = address(head, isWide ? 32 : 28);
	const headerBytes = half(head, isWide ? 54 : 42);
	const count = Math.min(half(head, isWide ? 56 : 44), MOST_HEADERS);
	const headers = await read(file, headersAt, Math.min(headerBytes, 256) * count);
	for (let at = 0; at + headerBytes <= headers.length && headerBytes > 0; at += headerBytes) {
		if (word(headers, at) !== PT_DYNAMIC) continue;
		const length = Math.min(address(headers, at + (isWide ? 32 : 16)), MOST_DYNAMIC_BYTES);
		const dynamic = await read(file, address(headers, at + (isWide ? 8 : 4)), length);
		const entryBytes = isWide ? 16 : 8;
		for (let entry = 0; entry + entryBytes <= dynamic.length; entry += entryBytes) {
			if (address(dynamic, entry) !== DT_FLAGS_1) continue;
			// The flag is a bit among the lower 32: taken from a double it would be lost in the sign.
			return Math.floor(address(dynamic, entry + entryBytes / 2) / DF_1_PIE) % 2 === 1;
		}
	}
	return false;
};

/** An ELF file's kind, in file(1)'s words. */
export const elfType = async (file: FileHandle): Promise<string> => {
	const head = await read(file, 0, 64);
	if (head.length < 52) return 'application/octet-stream';
	const { half } = readerOf(head[4] === 2, head[5] === 1);
	const kind = half(head, 16);
	if (kind !== 3) return KINDS[kind] ?? 'application/octet-stream';
	try {
		return (await isPositionIndependent(file, head)) ? 'application/x-pie-executable' : 'application/x-sharedlib';
	} catch (error) {
		// Its headers point outside of it.
		if (error instanceof RangeError) return 'application/x-sharedlib';
		throw error;
	}
};
