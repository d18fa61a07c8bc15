/** How many of a file's first bytes are looked at. */
export const SNIFF_BYTES = 4096;

const startsWith = (head: Buffer, bytes: readonly number[], at = 0): boolean =>
	head.length >= at + bytes.length && bytes.every((byte, i) => head[at + i] === byte);

const ascii = (head: Buffer, from: number, to: number): string => head.toString('latin1', from, to);

/** The brands of an ISO base media file's first box; none when it does not begin with a whole `ftyp` box. */
const brandsOf = (head: Buffer): string[] => {
	if (head.length < 16 || ascii(head, 4, 8) !== 'ftyp') return [];
	const end = Math.min(head.readUInt32BE(0), head.length);
	const brands = [ascii(head, 8, 12)];
	for (let at = 16; at + 4 <= end; at += 4) brands.push(ascii(head, at, at + 4));
	return brands;
};

/**
 * Which image type the first bytes are, or null. Decides which tasks a new file gets; what the file really is says the
 * `mimetype` task. Never looks at names.
 */
export const sniffMediaType = (head: Buffer): string | null => {
	if (startsWith(head, [0xff, 0xd8, 0xff])) return 'image/jpeg';
	if (startsWith(head, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png';
	if (/^GIF8[79]a/.test(ascii(head, 0, 6))) return 'image/gif';
	if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP') return 'image/webp';
	if (startsWith(head, [0x49, 0x49, 0x2a, 0x00]) || startsWith(head, [0x4d, 0x4d, 0x00, 0x2a])) return 'image/tiff';
	if (brandsOf(head).some((brand) => brand === 'avif' || brand === 'avis')) return 'image/avif';
	return null;
};
