import { SMALL_BYTES } from './small-writer.ts';

/** A file or an empty folder of an archive, all of it known before the first byte is read. */
export interface ZipEntry {
	/** Within the archive: relative, with slashes, of a folder without one at the end. */
	path: string;
	kind: 'file' | 'folder';
	size: number;
	modifiedAt: number;
}

/** An entry as it stands in the archive. */
export interface PlacedEntry {
	entry: ZipEntry;
	crc: number;
	at: number;
}

const MOST_32 = 0xffff_ffff;
const MOST_16 = 0xffff;

const VERSION_PLAIN = 20;
const VERSION_ZIP64 = 45;
const MADE_BY_UNIX = 3 << 8;
const UTF8_NAMES = 1 << 11;
const HAS_DESCRIPTOR = 1 << 3;
const FILE_MODE = 0o100644 * 0x1_0000;
/** With the mark for a folder that DOS goes by. */
const FOLDER_MODE = 0o040755 * 0x1_0000 + 0x10;

const LOCAL_BYTES = 30;
const LOCAL_ZIP64_BYTES = 20;
const DIRECTORY_BYTES = 46;
const TIME_BYTES = 9;

/** Small contents are read before their header is written, which then has their checksum; of others it follows them. */
const hasDescriptor = ({ size }: ZipEntry): boolean => size > SMALL_BYTES;
const isLarge = ({ size }: ZipEntry): boolean => size >= MOST_32;
const nameOf = ({ path, kind }: ZipEntry): Buffer => Buffer.from(kind === 'folder' ? `${path}/` : path);
const flagsOf = (entry: ZipEntry): number => UTF8_NAMES | (hasDescriptor(entry) ? HAS_DESCRIPTOR : 0);

/** Date and time as MS-DOS wrote them, from 1980 to 2107, here in UTC. Who knows better reads the field behind the name. */
const dosTime = (ms: number): { date: number; time: number } => {
	const at = new Date(Math.min(Math.max(ms, Date.UTC(1980, 0, 1)), Date.UTC(2107, 11, 31, 23, 59, 58)));
	return {
		date: ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
		time: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
	};
};

/** The time of change in seconds since 1970, without a time zone to guess. */
const timeField = (modifiedAt: number): Buffer => {
	const field = Buffer.alloc(TIME_BYTES);
	field.write('UT', 0, 'latin1');
	field.writeUInt16LE(5, 2);
	field.writeUInt8(1, 4);
	field.writeInt32LE(Math.min(Math.max(Math.floor(modifiedAt / 1000), -(2 ** 31)), 2 ** 31 - 1), 5);
	return field;
};

/** Sizes, and a place, that need more than 32 bits; empty when there are none. */
const zip64Field = (values: readonly number[]): Buffer => {
	if (values.length === 0) return Buffer.alloc(0);
	const field = Buffer.alloc(4 + 8 * values.length);
	field.writeUInt16LE(1, 0);
	field.writeUInt16LE(8 * values.length, 2);
	for (const [i, value] of values.entries()) field.writeBigUInt64LE(BigInt(value), 4 + 8 * i);
	return field;
};

/** What local and directory headers have in common, from the version on. */
const writeCommon = (record: Buffer, at: number, entry: ZipEntry, facts: { crc: number; size: number }): void => {
	const { date, time } = dosTime(entry.modifiedAt);
	record.writeUInt16LE(flagsOf(entry), at);
	// Stored: method 0.
	record.writeUInt16LE(time, at + 4);
	record.writeUInt16LE(date, at + 6);
	record.writeUInt32LE(facts.crc, at + 8);
	record.writeUInt32LE(facts.size, at + 12);
	record.writeUInt32LE(facts.size, at + 16);
};

/** Before an entry's content. `crc` counts only for entries without a descriptor. */
export const localHeader = (entry: ZipEntry, crc: number): Buffer => {
	const name = nameOf(entry);
	// The real sizes of what has a descriptor stand in that, and zeros here; the field says that it is a large one.
	const zip64 = zip64Field(isLarge(entry) ? [0, 0] : []);
	const record = Buffer.alloc(LOCAL_BYTES);
	record.writeUInt32LE(0x04034b50, 0);
	record.writeUInt16LE(isLarge(entry) ? VERSION_ZIP64 : VERSION_PLAIN, 4);
	const size = isLarge(entry) ? MOST_32 : hasDescriptor(entry) ? 0 : entry.size;
	writeCommon(record, 6, entry, { crc: hasDescriptor(entry) ? 0 : crc, size });
	record.writeUInt16LE(name.length, 26);
	record.writeUInt16LE(zip64.length + TIME_BYTES, 28);
	return Buffer.concat([record, name, zip64, timeField(entry.modifiedAt)]);
};

/** After the content of an entry that is not small; empty for one that is. */
export const descriptor = (entry: ZipEntry, crc: number): Buffer => {
	if (!hasDescriptor(entry)) return Buffer.alloc(0);
	const record = Buffer.alloc(descriptorBytes(entry));
	record.writeUInt32LE(0x08074b50, 0);
	record.writeUInt32LE(crc, 4);
	if (isLarge(entry)) {
		record.writeBigUInt64LE(BigInt(entry.size), 8);
		record.writeBigUInt64LE(BigInt(entry.size), 16);
	} else {
		record.writeUInt32LE(entry.size, 8);
		record.writeUInt32LE(entry.size, 12);
	}
	return record;
};

const descriptorBytes = (entry: ZipEntry): number => (hasDescriptor(entry) ? (isLarge(entry) ? 24 : 16) : 0);

const directoryZip64 = (entry: ZipEntry, at: number): number[] => [
	...(isLarge(entry) ? [entry.size, entry.size] : []),
	...(at >= MOST_32 ? [at] : []),
];

/** An entry in the directory at the archive's end. */
export const directoryRecord = ({ entry, crc, at }: PlacedEntry): Buffer => {
	const name = nameOf(entry);
	const zip64 = zip64Field(directoryZip64(entry, at));
	const version = zip64.length > 0 ? VERSION_ZIP64 : VERSION_PLAIN;
	const record = Buffer.alloc(DIRECTORY_BYTES);
	record.writeUInt32LE(0x02014b50, 0);
	record.writeUInt16LE(MADE_BY_UNIX | version, 4);
	record.writeUInt16LE(version, 6);
	writeCommon(record, 8, entry, { crc, size: Math.min(entry.size, MOST_32) });
	record.writeUInt16LE(name.length, 28);
	record.writeUInt16LE(zip64.length + TIME_BYTES, 30);
	record.writeUInt32LE(entry.kind === 'folder' ? FOLDER_MODE : FILE_MODE, 38);
	record.writeUInt32LE(Math.min(at, MOST_32), 42);
	return Buffer.concat([record, name, zip64, timeField(entry.modifiedAt)]);
};

/** The end of the archive. */
export const endRecords = (directory: { at: number; bytes: number; entries: number }): Buffer => {
	const { at, bytes, entries } = directory;
	const end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt16LE(Math.min(entries, MOST_16), 8);
	end.writeUInt16LE(Math.min(entries, MOST_16), 10);
	end.writeUInt32LE(Math.min(bytes, MOST_32), 12);
	end.writeUInt32LE(Math.min(at, MOST_32), 16);
	if (entries < MOST_16 && bytes < MOST_32 && at < MOST_32) return end;
	const zip64 = Buffer.alloc(56);
	zip64.writeUInt32LE(0x06064b50, 0);
	zip64.writeBigUInt64LE(44n, 4);
	zip64.writeUInt16LE(MADE_BY_UNIX | VERSION_ZIP64, 12);
	zip64.writeUInt16LE(VERSION_ZIP64, 14);
	zip64.writeBigUInt64LE(BigInt(entries), 24);
	zip64.writeBigUInt64LE(BigInt(entries), 32);
	zip64.writeBigUInt64LE(BigInt(bytes), 40);
	zip64.writeBigUInt64LE(BigInt(at), 48);
	const locator = Buffer.alloc(20);
	locator.writeUInt32LE(0x07064b50, 0);
	locator.writeBigUInt64LE(BigInt(at + bytes), 8);
	locator.writeUInt32LE(1, 16);
	return Buffer.concat([zip64, locator, end]);
};

/** How many bytes an archive of these entries has, in this order. */
export const archiveBytes = (entries: readonly ZipEntry[]): number => {
	let at = 0;
	let directory = 0;
	for (const entry of entries) {
		const fixed = Buffer.byteLength(entry.path) + (entry.kind === 'folder' ? 1 : 0) + TIME_BYTES;
		const wide = directoryZip64(entry, at).length;
		directory += DIRECTORY_BYTES + fixed + (wide > 0 ? 4 + 8 * wide : 0);
		at += LOCAL_BYTES + fixed + (isLarge(entry) ? LOCAL_ZIP64_BYTES : 0) + entry.size + descriptorBytes(entry);
	}
	return at + directory + endRecords({ at, bytes: directory, entries: entries.length }).length;
};
