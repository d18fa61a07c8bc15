import { crc32 } from 'node:zlib';
import { openAhead } from './open-ahead.ts';
import { TwoBuffers } from './two-buffers.ts';
import {
	descriptor,
	directoryRecord,
	endRecords,
	localHeader,
	type PlacedEntry,
	type ZipEntry,
} from './zip-records.ts';

/** Some content that is read piece by piece. */
export interface OpenContent {
	read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
	close(): Promise<void>;
}

/** Content of at most `SMALL_BYTES` comes whole, as its checksum is written before it; folders have none. */
export type ZipContent = OpenContent | Buffer;

const EMPTY = Buffer.alloc(0);
const close = async (content: ZipContent): Promise<void> => {
	if (!Buffer.isBuffer(content)) await content.close();
};

/**
 * Writes an archive while it is read: stored, not compressed, so it costs no more than a download. `send` resolves when
 * the piece is out; when it rejects, everything that is open is closed. Rejects when some content cannot be read or is not
 * as long as was said: an archive never lacks something unseen.
 */
export const writeStoredZip = async <E extends ZipEntry>(
	entries: AsyncIterable<E>,
	open: (entry: E) => Promise<ZipContent>,
	send: (piece: Buffer) => Promise<void>,
): Promise<void> => {
	const out = new TwoBuffers(send);
	const directory = new Directory();
	const contents = openAhead(
		entries,
		(entry) => (entry.kind === 'folder' ? Promise.resolve(EMPTY) : open(entry)),
		close,
	);
	for await (const { thing: entry, opened } of contents) {
		const at = out.taken;
		const crc = await writeEntry(entry, opened, out).finally(() => close(opened));
		directory.add({ entry, crc, at });
		// Whoever waits sees at once that it comes.
		if (directory.entries === 1) await out.flush();
	}
	const at = out.taken;
	for (const records of directory.pieces()) await out.put(records);
	await out.put(endRecords({ at, bytes: out.taken - at, entries: directory.entries }));
	await out.end();
};

/** Gives the content's checksum. */
const writeEntry = async (entry: ZipEntry, content: ZipContent, out: TwoBuffers): Promise<number> => {
	if (Buffer.isBuffer(content)) {
		if (content.length !== entry.size) throw changed(entry);
		const crc = crc32(content);
		await out.put(localHeader(entry, crc));
		await out.put(content);
		// Of a large one that is whole in memory all the same the header has said that it follows.
		await out.put(descriptor(entry, crc));
		return crc;
	}
	await out.put(localHeader(entry, 0));
	let crc = 0;
	for (let read = 0; read < entry.size; ) {
		const count = await out.fill(
			entry.size - read,
			async (buffer, offset, most) => (await content.read(buffer, offset, most, read)).bytesRead,
			(bytes) => {
				crc = crc32(bytes, crc);
			},
		);
		if (count === 0) throw changed(entry);
		read += count;
	}
	await out.put(descriptor(entry, crc));
	return crc;
};

const changed = ({ path }: ZipEntry): Error => new Error(`the content of ${path} is not as long as was said`);

const PIECE_BYTES = 64 * 1024;

/** The directory of an archive as it grows: as bytes, about a hundred an entry, and in few pieces. */
class Directory {
	readonly #full: Buffer[] = [];
	#records: Buffer[] = [];
	#bytes = 0;
	entries = 0;

	add(placed: PlacedEntry): void {
		const record = directoryRecord(placed);
		this.#records.push(record);
		this.#bytes += record.length;
		this.entries += 1;
		if (this.#bytes >= PIECE_BYTES) this.#join();
	}

	pieces(): Buffer[] {
		this.#join();
		return this.#full;
	}

	#join(): void {
		this.#full.push(Buffer.concat(this.#records));
		this.#records = [];
		this.#bytes = 0;
	}
}
