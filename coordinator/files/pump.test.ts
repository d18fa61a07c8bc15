import { PassThrough, Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CodedError } from '../../shared/coded-error.ts';
import { pump } from './pump.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a pump', () => {
	it('gives every piece once and in order, never two at a time, however slowly they are taken', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.tuple(fc.integer({ min: 1, max: 40_000 }), fc.boolean()), { maxLength: 30 }),
				fc.boolean(),
				async (plan, asObjects) => {
					const pieces = plan.map(([size], i) => Buffer.alloc(size, i));
					const source = asObjects ? Readable.from(pieces) : new PassThrough();
					if (source instanceof PassThrough) {
						for (const piece of pieces) source.write(piece);
						source.end();
					}
					const taken: Buffer[] = [];
					let at = 0;
					let busy = false;
					await pump(source, undefined, (piece) => {
						expect(busy).toBe(false);
						taken.push(piece);
						if (!plan[at++ % plan.length]?.[1]) return null;
						busy = true;
						return turn().then(() => {
							busy = false;
						});
					});
					expect(busy).toBe(false);
					expect(Buffer.concat(taken).equals(Buffer.concat(pieces))).toBe(true);
				},
			),
			{ numRuns: 150 },
		);
	});

	it('passes on why a stream was destroyed, if that was said with a code', async () => {
		const slow = new Readable({ read() {} });
		const pumping = pump(slow, undefined, () => null);
		slow.destroy(new CodedError('request-timeout'));
		await expect(pumping).rejects.toMatchObject({ code: 'request-timeout' });
	});

	it.each(['destroyed', 'read to its end'])('refuses a stream that was %s before', async (how) => {
		const source = Readable.from([Buffer.from('x')]);
		if (how === 'destroyed') source.destroy();
		else for await (const _ of source);
		await expect(pump(source, undefined, () => null)).rejects.toMatchObject({ code: 'incomplete-body' });
	});

	it('ends with what the taker throws, at once or later, and survives a stream that breaks afterwards', async () => {
		for (const take of [
			() => {
				throw new Error('no');
			},
			async () => {
				await turn();
				throw new Error('no');
			},
		]) {
			const source = new Readable({ read() {} });
			source.push('x');
			await expect(pump(source, undefined, take)).rejects.toThrow('no');
			source.destroy(new Error('later'));
			await turn();
		}
	});
});
