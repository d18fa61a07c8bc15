import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { makeJpeg, makePngBomb, makeSvgSizeBomb, makeSvgWithReach, truncated } from '../../test/support/make-images.ts';
import { runTask } from '../../test/support/run-task.ts';
import { SeededRandom } from '../../test/support/seeded-random.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { convert } from './convert.ts';
import { resize } from './resize.ts';
import type { JsonObject } from './task-module.ts';

const folder = new TempFolder();
afterAll(() => folder[Symbol.asyncDispose]());
const random = new SeededRandom(11);

const solid = (width: number, height: number, alpha = 1) =>
	sharp({ create: { width, height, channels: 4, background: { r: 200, g: 30, b: 30, alpha } } });
const resized = (content: Buffer, parameters: JsonObject) => runTask(folder, resize, { 'a.bin': content }, parameters);
const converted = (content: Buffer, parameters: JsonObject) =>
	runTask(folder, convert, { 'a.bin': content }, parameters);

describe('resize', () => {
	it('keeps format and proportions, turns as the camera says, and leaves out metadata', async () => {
		const jpeg = await makeJpeg(random, { megapixels: 2, orientation: 6 });
		const { width = 0, height = 0 } = await sharp(jpeg).metadata();
		const { result, outputs } = await resized(jpeg, { width: 300 });
		expect(outputs.map(({ name, mediaType }) => [name, mediaType])).toEqual([['resized.jpg', 'image/jpeg']]);
		const made = await sharp(outputs[0]?.content).metadata();
		// A quarter turn: what was its height is its width.
		const turned = { width: 300, height: Math.round((300 * width) / height) };
		expect(result).toEqual({ ...turned, format: 'jpeg', size: outputs[0]?.content.length });
		expect(made).toMatchObject(turned);
		expect([made.exif, made.orientation]).toEqual([undefined, undefined]);
	});

	it('keeps metadata when told, but not the turn that it has made', async () => {
		const jpeg = await makeJpeg(random, { megapixels: 1, orientation: 6 });
		const { outputs } = await resized(jpeg, { height: 100, stripMetadata: false });
		const made = await sharp(outputs[0]?.content).metadata();
		expect(made.exif).toBeInstanceOf(Buffer);
		expect(made.orientation ?? 1).toBe(1);
	});

	it('fits, covers, contains and fills; enlarges only when told', async () => {
		const png = await solid(400, 200).png().toBuffer();
		const sizeOf = async (parameters: JsonObject) => {
			const { width, height, format } = (await resized(png, parameters)).result;
			return [width, height, format];
		};
		const box = { width: 100, height: 100 };
		expect(await sizeOf(box)).toEqual([100, 50, 'png']);
		expect(await sizeOf({ ...box, fit: 'cover' })).toEqual([100, 100, 'png']);
		expect(await sizeOf({ ...box, fit: 'contain', format: 'webp' })).toEqual([100, 100, 'webp']);
		expect(await sizeOf({ ...box, fit: 'fill', format: 'jpeg' })).toEqual([100, 100, 'jpeg']);
		expect(await sizeOf({ height: 50, format: 'avif' })).toEqual([100, 50, 'avif']);
		expect(await sizeOf({ width: 800 })).toEqual([400, 200, 'png']);
		expect(await sizeOf({ width: 800, enlarge: true })).toEqual([800, 400, 'png']);
	});

	it('takes the first frame of an animation, as PNG', async () => {
		const frames = Buffer.from(Uint8Array.from({ length: 40 * 90 * 3 }, (_, at) => at & 255));
		const gif = await sharp(frames, { raw: { width: 40, height: 90, channels: 3, pageHeight: 30 } })
			.gif()
			.toBuffer();
		const { result, outputs } = await resized(gif, { width: 20 });
		expect(result).toMatchObject({ width: 20, height: 15, format: 'png' });
		expect(outputs[0]?.name).toBe('resized.png');
	});

	it('refuses bombs, cut pictures, SVG and what is none as the file’s fault, and puts out nothing', async () => {
		const cases: [Buffer, string][] = [
			[makePngBomb(), 'image-too-large'],
			[truncated(await makeJpeg(random, { megapixels: 1 })), 'image-damaged'],
			[makeSvgSizeBomb(), 'image-format'],
			[makeSvgWithReach(), 'image-format'],
			[Buffer.from('no picture'), 'image-format'],
			[Buffer.alloc(0), 'image-empty'],
		];
		for (const [content, code] of cases) {
			const refusal = { failure: { class: 'input', code } };
			await expect(resized(content, { width: 10 })).rejects.toMatchObject(refusal);
			await expect(converted(content, { format: 'png' })).rejects.toMatchObject(refusal);
		}
	});

	it('needs a width or a height', async () => {
		const failure = { class: 'input', code: 'parameters-invalid' };
		await expect(resized(await solid(2, 2).png().toBuffer(), {})).rejects.toMatchObject({ failure });
		await expect(resized(await solid(2, 2).png().toBuffer(), { width: 8193 })).rejects.toMatchObject({ failure });
	});
});

describe('convert', () => {
	it('writes every format with its own ending', async () => {
		const png = await solid(30, 20, 0.5).png().toBuffer();
		const endings = { jpeg: 'jpg', png: 'png', webp: 'webp', avif: 'avif', tiff: 'tiff' };
		for (const [format, ending] of Object.entries(endings)) {
			const { result, outputs } = await converted(png, { format });
			expect(outputs[0]?.name).toBe(`converted.${ending}`);
			expect(result).toMatchObject({ width: 30, height: 20, format });
			const made = await sharp(outputs[0]?.content).metadata();
			expect(made.format).toBe(format === 'avif' ? 'heif' : format);
		}
	});

	it('puts the background behind what is transparent', async () => {
		const clear = await solid(8, 8, 0).png().toBuffer();
		const { outputs } = await converted(clear, { format: 'jpeg', background: '#00f', quality: 100 });
		const { data } = await sharp(outputs[0]?.content).raw().toBuffer({ resolveWithObject: true });
		const [red = 255, green = 255, blue = 0] = data;
		expect([red < 10, green < 10, blue > 245]).toEqual([true, true, true]);
	});

	it('keeps the colour profile only when told', async () => {
		const profiled = await solid(8, 8).withIccProfile('p3').png().toBuffer();
		const profileOf = async (parameters: JsonObject) =>
			(await sharp((await converted(profiled, { format: 'png', ...parameters })).outputs[0]?.content).metadata()).icc;
		expect(await profileOf({})).toBeUndefined();
		expect(await profileOf({ keepColourProfile: true })).toBeInstanceOf(Buffer);
	});
});
