import sharp from 'sharp';
import { expect, test } from 'vitest';
import { makeJpeg, makePngBomb, truncated, withComment } from './make-images.ts';
import { SeededRandom } from './seeded-random.ts';

test('a JPEG has the size and the turn asked for, and the same seed gives the same bytes', async () => {
	const make = () => makeJpeg(new SeededRandom(7), { megapixels: 2, orientation: 6 });
	const jpeg = await make();
	const facts = await sharp(jpeg).metadata();
	expect(facts).toMatchObject({ format: 'jpeg', orientation: 6 });
	expect((facts.width ?? 0) * (facts.height ?? 0)).toBeGreaterThan(1_900_000);
	expect(await make()).toEqual(jpeg);
});

test('a comment changes the bytes and not the picture', async () => {
	const jpeg = await makeJpeg(new SeededRandom(1), { megapixels: 0.01 });
	const other = withComment(jpeg, 'number 2');
	expect(other).not.toEqual(jpeg);
	expect(await sharp(other).raw().toBuffer()).toEqual(await sharp(jpeg).raw().toBuffer());
});

test('a PNG bomb is small, valid, and refused by sharp’s own limit', async () => {
	const bomb = makePngBomb();
	expect(bomb.length).toBeLessThan(100_000);
	await expect(sharp(bomb).metadata()).rejects.toThrow(/pixel limit/);
	expect(await sharp(bomb, { limitInputPixels: false }).metadata()).toMatchObject({ width: 20_000, height: 20_000 });
	expect(await sharp(makePngBomb(64, 64)).stats()).toMatchObject({ isOpaque: true });
});

test('a truncated JPEG still begins as one and does not decode', async () => {
	const half = truncated(await makeJpeg(new SeededRandom(2), { megapixels: 0.1 }));
	await expect(sharp(half, { failOn: 'error' }).raw().toBuffer()).rejects.toThrow();
});
