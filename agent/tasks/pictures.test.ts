import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import {
	makeJpeg,
	makePngBomb,
	makeSvgEntityBomb,
	makeSvgSizeBomb,
	makeSvgWithReach,
	truncated,
} from '../../test/support/make-images.ts';
import { NOTHING_GIVEN } from '../../test/support/nothing-given.ts';
import { SeededRandom } from '../../test/support/seeded-random.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { exifDate } from './image/exif-date.ts';
import { imagefacts } from './imagefacts.ts';
import type { JsonObject, TaskContext, TaskModule } from './task-module.ts';
import { thumbnail } from './thumbnail.ts';

const folder = new TempFolder();
afterAll(() => folder[Symbol.asyncDispose]());

const random = new SeededRandom(7);
let count = 0;

/** Runs a task on the content; answers with its result and its outputs. */
const run = async (task: TaskModule, content: Buffer, parameters: JsonObject = {}) => {
	const own = folder.join(String(++count));
	await mkdir(own);
	const path = `${own}/input`;
	writeFileSync(path, content);
	const outputs: { name: string; mediaType: string; path: string }[] = [];
	const context: TaskContext = {
		...NOTHING_GIVEN,
		parameters,
		inputs: [{ name: 'anything.txt', path, size: content.length, sha256: '' }],
		output: async (name, mediaType) => {
			outputs.push({ name, mediaType, path: `${own}/${name}` });
			return `${own}/${name}`;
		},
		signal: new AbortController().signal,
		progress: () => {},
		log: () => {},
	};
	return { result: await task.run(context), outputs };
};

const solid = (width: number, height: number, channels: 3 | 4 = 3) =>
	sharp({ create: { width, height, channels, background: { r: 200, g: 30, b: 30, alpha: 0.5 } } });

const gif = (frames: number): Promise<Buffer> =>
	sharp(Buffer.from(Uint8Array.from({ length: 40 * 30 * frames * 3 }, (_, at) => (at >> 5) & 255)), {
		raw: { width: 40, height: 30 * frames, channels: 3, pageHeight: 30 },
	})
		.gif()
		.toBuffer();

describe('a thumbnail', () => {
	it('fits into 120 x 210, is turned as the camera says, and has lost its metadata', async () => {
		const jpeg = await makeJpeg(random, { megapixels: 2, orientation: 6 });
		const { result, outputs } = await run(thumbnail, jpeg);
		const source = { width: 1632, height: 1224, format: 'jpeg', hasAlpha: false, orientation: 6 };
		expect(result).toEqual({ width: 120, height: 160, format: 'jpeg', size: expect.any(Number), source });
		expect(outputs).toEqual([{ name: 'thumbnail.jpg', mediaType: 'image/jpeg', path: expect.any(String) }]);
		const made = readFileSync(outputs[0]?.path ?? '');
		expect(made.length).toBe(result.size);
		const facts = await sharp(made).metadata();
		expect(facts).toMatchObject({ width: 120, height: 160, format: 'jpeg', space: 'srgb', hasProfile: false });
		expect([facts.exif, facts.icc, facts.xmp, facts.orientation]).toEqual([undefined, undefined, undefined, undefined]);
	});

	it('takes size, fit and format as parameters', async () => {
		const png = await solid(400, 200, 4).png().toBuffer();
		const cover = await run(thumbnail, png, { width: 50, height: 50, fit: 'cover', format: 'webp' });
		expect(cover.result).toMatchObject({ width: 50, height: 50, format: 'webp' });
		expect(cover.outputs[0]).toMatchObject({ name: 'thumbnail.webp', mediaType: 'image/webp' });
		const contain = await run(thumbnail, png, { width: 60, height: 60, fit: 'contain', format: 'png' });
		const { data, info } = await sharp(contain.outputs[0]?.path).raw().toBuffer({ resolveWithObject: true });
		expect(info).toMatchObject({ width: 60, height: 60, channels: 4 });
		expect(data[3], 'the margin is transparent').toBe(0);
		const fill = await run(thumbnail, png, { width: 60, height: 60, fit: 'fill' });
		expect(fill.result).toMatchObject({ width: 60, height: 60, format: 'jpeg' });
	});

	it('puts what shows through on white where the format has no transparency', async () => {
		const clear = { r: 0, g: 0, b: 0, alpha: 0 };
		const png = await sharp({ create: { width: 20, height: 20, channels: 4, background: clear } })
			.png()
			.toBuffer();
		const { outputs } = await run(thumbnail, png);
		expect((await sharp(outputs[0]?.path).raw().toBuffer())[0]).toBeGreaterThan(250);
	});

	it('is never larger than the original', async () => {
		const { result } = await run(thumbnail, await solid(30, 20).png().toBuffer(), { width: 500, height: 500 });
		expect(result).toMatchObject({ width: 30, height: 20 });
	});

	it('shows the first frame of an animation', async () => {
		const { result } = await run(thumbnail, await gif(5));
		expect(result).toMatchObject({ width: 40, height: 30 });
	});

	it('is made of every format that the manifest names', async () => {
		for (const format of ['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const) {
			const { result } = await run(thumbnail, await solid(300, 300).toFormat(format).toBuffer());
			expect(result, format).toMatchObject({ width: 120, height: 120 });
		}
	});

	it('is refused for parameters that no coordinator lets through', async () => {
		const failure = { class: 'input', code: 'parameters-invalid' };
		await expect(run(thumbnail, Buffer.from('x'), { width: 100_000 })).rejects.toMatchObject({ failure });
		await expect(run(thumbnail, Buffer.from('x'), { format: 'svg' })).rejects.toMatchObject({ failure });
	});
});

describe('bad pictures', () => {
	const cases: [string, () => Buffer | Promise<Buffer>, string][] = [
		['a truncated JPEG', async () => truncated(await makeJpeg(random, { megapixels: 1 })), 'image-damaged'],
		['a truncated PNG', async () => truncated(await solid(300, 300).png().toBuffer(), 0.7), 'image-damaged'],
		['a PNG of 400 megapixels', () => makePngBomb(), 'image-too-large'],
		['an SVG of entities within entities', () => makeSvgEntityBomb(), 'image-format'],
		['an SVG of ten thousand megapixels', () => makeSvgSizeBomb(), 'image-format'],
		['an SVG that reads files', () => makeSvgWithReach(), 'image-format'],
		['an empty file', () => Buffer.alloc(0), 'image-empty'],
		['a text', () => Buffer.from('This is no picture.\n'), 'image-format'],
		['noise after a JPEG header', async () => Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4, 5]), 'image-damaged'],
		['a PDF', () => Buffer.from('%PDF-1.4\n'), 'image-format'],
	];
	for (const [name, make, code] of cases) {
		it(`end as the input's fault, with a sentence: ${name}`, async () => {
			const content = await make();
			const message = expect.stringMatching(/^The .+\.$/);
			const failure = { class: 'input', code, message };
			await expect(run(thumbnail, content)).rejects.toMatchObject({ failure });
		});
	}

	it('do not blame the picture when our own copy of it is gone', async () => {
		const context = { parameters: {}, inputs: [{ name: 'x', path: folder.join('gone'), size: 5 }] };
		await expect(thumbnail.run(context as never)).rejects.not.toHaveProperty('failure');
	});
});

describe('image facts', () => {
	it('are read from the header: size before turning, format, orientation, transparency', async () => {
		const jpeg = await makeJpeg(random, { megapixels: 0.3, orientation: 6 });
		const { width, height } = await sharp(jpeg).metadata();
		const { result } = await run(imagefacts, jpeg);
		expect(result).toEqual({ width, height, format: 'jpeg', hasAlpha: false, orientation: 6 });
		const png = await run(imagefacts, await solid(10, 20, 4).png().toBuffer());
		expect(png.result).toEqual({ width: 10, height: 20, format: 'png', hasAlpha: true });
		const avif = await run(imagefacts, await solid(64, 32).avif().toBuffer());
		expect(avif.result).toMatchObject({ width: 64, height: 32, format: 'avif' });
	});

	it('count the frames of an animation', async () => {
		expect((await run(imagefacts, await gif(5))).result).toMatchObject({ width: 40, height: 30, pages: 5 });
	});

	it('name the moment a picture was taken by the camera’s clock', async () => {
		const jpeg = await solid(20, 20)
			.withExif({ IFD2: { DateTimeOriginal: '2024:05:01 13:37:59' } })
			.jpeg()
			.toBuffer();
		expect((await run(imagefacts, jpeg)).result).toMatchObject({ takenAt: '2024-05-01T13:37:59' });
	});

	it('know no moment from dates that are none', async () => {
		for (const date of ['0000:00:00 00:00:00', '2023:02:31 10:00:00', '    :  :     :  :  ', 'yesterday at noon, ok']) {
			const jpeg = await solid(20, 20)
				.withExif({ IFD2: { DateTimeOriginal: date } })
				.jpeg()
				.toBuffer();
			expect((await run(imagefacts, jpeg)).result, date).not.toHaveProperty('takenAt');
		}
	});

	it('are not impressed by an EXIF block that points anywhere', () => {
		const exif = Buffer.from('Exif\0\0II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\xff\xff\xff\xff', 'latin1');
		expect(exifDate(exif)).toBeNull();
		for (let bytes = 0; bytes < exif.length; bytes++) expect(exifDate(exif.subarray(0, bytes))).toBeNull();
		for (let seed = 0; seed < 500; seed++) expect(exifDate(new SeededRandom(seed).bytes(80))).toBeNull();
		expect(exifDate(Buffer.from(`MM\0*\0\0\0\x08\xff\xff${'\x87\x69'.repeat(100)}`, 'latin1'))).toBeNull();
	});
});
