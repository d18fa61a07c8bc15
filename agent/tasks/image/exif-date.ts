const EXIF_POINTER = 0x8769;
const DATE_TIME_ORIGINAL = 0x9003;
const ASCII = 2;
const ENTRY_BYTES = 12;
const DATE_BYTES = 20;
const DATE = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)/;

interface Reader {
	half(at: number): number;
	word(at: number): number;
}

const readerOf = (tiff: Buffer): Reader | null => {
	const order = tiff.toString('latin1', 0, 2);
	if (order === 'II') return { half: (at) => tiff.readUInt16LE(at), word: (at) => tiff.readUInt32LE(at) };
	if (order === 'MM') return { half: (at) => tiff.readUInt16BE(at), word: (at) => tiff.readUInt32BE(at) };
	return null;
};

/** Where the entry with that tag is in the directory; null when it has none. */
const findEntry = ({ half }: Reader, directoryAt: number, tag: number): number | null => {
	const count = half(directoryAt);
	for (let entry = 0; entry < count; entry++) {
		const at = directoryAt + 2 + entry * ENTRY_BYTES;
		if (half(at) === tag) return at;
	}
	return null;
};

const readDate = (tiff: Buffer): string | null => {
	const reader = readerOf(tiff);
	if (reader === null) return null;
	const { half, word } = reader;
	const pointer = findEntry(reader, word(4), EXIF_POINTER);
	const entry = pointer === null ? null : findEntry(reader, word(pointer + 8), DATE_TIME_ORIGINAL);
	if (entry === null || half(entry + 2) !== ASCII || word(entry + 4) < DATE_BYTES - 1) return null;
	const at = word(entry + 8);
	return tiff.toString('latin1', at, at + DATE_BYTES);
};

/**
 * When the picture was taken (EXIF DateTimeOriginal), as the camera's clock had it: ISO 8601 without a zone, such as
 * `2024-05-01T13:37:00`. Null when that is not known. The block is anybody's: whatever is wrong with it, it is only not known.
 */
export const exifDate = (exif: Buffer): string | null => {
	const tiff = exif.toString('latin1', 0, 6) === 'Exif\0\0' ? exif.subarray(6) : exif;
	let text: string | null;
	try {
		text = readDate(tiff);
	} catch (error) {
		// A pointer out of the block.
		if (error instanceof RangeError) return null;
		throw error;
	}
	const match = text === null ? null : DATE.exec(text);
	if (!match) return null;
	const [, year, month, day, hour, minute, second] = match;
	const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
	// Dates such as 0000:00:00 and 2023:02:31 are not dates.
	const time = Date.parse(`${iso}Z`);
	return !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso) && year !== '0000' ? iso : null;
};
