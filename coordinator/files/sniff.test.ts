import fc from 'fast-check';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { sniffMediaType } from './sniff.ts';

const image = () => sharp({ create: { width: 9, height: 7, channels: 3, background: '#369' } });

it('knows each image type by what sharp writes', async () => {
	const made: [string, Promise<Buffer>][] = [
		['image/jpeg', image().jpeg().toBuffer()],
		['image/png', image().png().toBuffer()],
		['image/gif', image().gif().toBuffer()],
		['image/webp', image().webp().toBuffer()],
		['image/tiff', image().tiff().toBuffer()],
		['image/avif', image().avif().toBuffer()],
	];
	for (const [type, bytes] of made) expect(sniffMediaType((await bytes).subarray(0, 4096))).toBe(type);
});

it('takes text, SVG, video and cut beginnings for no image', () => {
	const others = ['', 'GIF', 'hello', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'RIFF\0\0\0\0WAVE', '\x89PNG'];
	for (const text of others) expect(sniffMediaType(Buffer.from(text, 'latin1'))).toBeNull();
	const mp4 = Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp42avif', 'latin1');
	// The last four bytes lie after the box's declared end.
	expect(sniffMediaType(mp4)).toBeNull();
});

it('never throws, whatever the bytes', () => {
	fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void sniffMediaType(Buffer.from(bytes))));
	fc.assert(
		fc.property(
			fc.uint8Array({ maxLength: 64 }),
			(bytes) => void sniffMediaType(Buffer.concat([Buffer.from('\xff\xff\xff\xffftyp', 'latin1'), bytes])),
		),
	);
});
