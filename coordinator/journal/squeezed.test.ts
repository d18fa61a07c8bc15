import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { squeeze, unsqueeze } from './squeezed.ts';

const chunk = fc.oneof(
	fc.uint8Array({ maxLength: 2_000 }),
	fc.integer({ min: 500, max: 70_000 }).map((length) => new Uint8Array(length).fill(7)),
);

it('gives back what was put in, and is what every inflater reads', async () => {
	await fc.assert(
		fc.asyncProperty(chunk, async (given) => {
			const bytes = Buffer.from(given);
			const stored = await squeeze(bytes);
			expect(unsqueeze(stored).equals(bytes)).toBe(true);
			expect(inflateRawSync(stored).equals(bytes)).toBe(true);
		}),
	);
});

it.each([0, 1, 4, 5])('throws for what was cut short after %i bytes, or has a byte too many', async (left) => {
	const stored = await squeeze(Buffer.from('a chunk'));
	expect(() => unsqueeze(stored.subarray(0, left))).toThrow();
	const broken = Buffer.from(stored);
	broken[1]! += 1;
	expect(() => unsqueeze(broken)).toThrow();
});
