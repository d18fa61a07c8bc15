import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import type { SeededRandom } from './seeded-random.ts';

/**
 * A JPEG of about so many megapixels (4:3) that compresses like a photograph, turned as EXIF says
 * (1 to 8; 6 means: turn by 90 degrees to see it upright). The same random state gives the same bytes.
 */
export const makeJpeg = async (
	random: SeededRandom,
	options: { megapixels?: number; orientation?: number; quality?: number } = {},
): Promise<Buffer> => {
	const pixels = (options.megapixels ?? 0.3) * 1_000_000;
	const width = Math.max(4, Math.round(Math.sqrt(pixels / 12)) * 4);
	const height = Math.max(3, Math.round(Math.sqrt(pixels / 12)) * 3);
	const grain = { width: Math.max(2, width >> 3), height: Math.max(2, height >> 3), channels: 3 as const };
	return sharp(random.bytes(grain.width * grain.height * grain.channels), { raw: grain })
		.resize(width, height, { kernel: 'cubic', fit: 'fill' })
		.withMetadata({ orientation: options.orientation ?? 1 })
		.jpeg({ quality: options.quality ?? 85 })
		.toBuffer();
};

/** The same picture as other bytes: a JPEG comment after the start marker makes its checksums its own. */
export const withComment = (jpeg: Buffer, comment: string): Buffer => {
	const text = Buffer.from(comment, 'utf8');
	const marker = Buffer.from([0xff, 0xfe, (text.length + 2) >> 8, (text.length + 2) & 0xff]);
	return Buffer.concat([jpeg.subarray(0, 2), marker, text, jpeg.subarray(2)]);
};

const pngChunk = (type: string, data: Buffer): Buffer => {
	const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const frame = Buffer.alloc(4 + body.length + 4);
	frame.writeUInt32BE(data.length, 0);
	body.copy(frame, 4);
	frame.writeUInt32BE(crc32(body), 4 + body.length);
	return frame;
};

/** A valid one-bit PNG of one colour: a few kilobytes that want `width` x `height` pixels of memory. */
export const makePngBomb = (width = 20_000, height = 20_000): Buffer => {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header[8] = 1;
	const rows = Buffer.alloc((1 + Math.ceil(width / 8)) * height);
	const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
	const end = pngChunk('IEND', Buffer.alloc(0));
	return Buffer.concat([signature, pngChunk('IHDR', header), pngChunk('IDAT', deflateSync(rows)), end]);
};

const svg = (head: string, body: string, size = 'width="100" height="100"'): Buffer =>
	Buffer.from(`<?xml version="1.0"?>\n${head}<svg xmlns="http://www.w3.org/2000/svg" ${size}>${body}</svg>\n`);

/** Entities within entities: ten billion laughs when expanded. */
export const makeSvgEntityBomb = (): Buffer => {
	const entities = ['<!ENTITY l0 "laugh">'];
	for (let i = 1; i <= 10; i++) entities.push(`<!ENTITY l${i} "${`&l${i - 1};`.repeat(10)}">`);
	return svg(`<!DOCTYPE svg [${entities.join('')}]>\n`, '<text y="20">&l10;</text>');
};

/** Asks for a canvas of ten thousand megapixels. */
export const makeSvgSizeBomb = (): Buffer => svg('', '<rect width="1" height="1"/>', 'width="100000" height="100000"');

/** Wants to read a file of the machine that renders it, and carries a script. */
export const makeSvgWithReach = (): Buffer =>
	svg(
		'<!DOCTYPE svg [<!ENTITY secret SYSTEM "file:///etc/hostname">]>\n',
		'<script>alert(1)</script><image href="file:///etc/hostname"/><text y="20">&secret;</text>',
	);

/** The first part of some content, as a broken transfer leaves it. */
export const truncated = (content: Buffer, share = 0.5): Buffer =>
	content.subarray(0, Math.floor(content.length * share));
