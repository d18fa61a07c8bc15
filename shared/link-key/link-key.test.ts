import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LinkKeyExchange } from './link-key.ts';

const pair = () => {
	const [agent, coordinator] = [new LinkKeyExchange(), new LinkKeyExchange()];
	const [here, there] = [agent.agree(coordinator.publicKey), coordinator.agree(agent.publicKey)];
	if (!here || !there) throw new Error('no key was agreed on');
	return { here, there };
};

describe('LinkKeyExchange', () => {
	test('gives both sides the same key, and each connection another', () => {
		const { here, there } = pair();
		expect(there.fits('a text', here.seal('a text'))).toBe(true);
		expect(pair().there.fits('a text', here.seal('a text'))).toBe(false);
	});

	test('agrees on nothing with what is no public key', () => {
		const exchange = new LinkKeyExchange();
		const noPoint = Buffer.alloc(32).toString('base64url');
		const onePoint = Buffer.concat([Buffer.of(1), Buffer.alloc(31)]).toString('base64url');
		for (const other of ['', 'x', noPoint, onePoint, `${exchange.publicKey}AA`])
			expect(exchange.agree(other)).toBeNull();
		fc.assert(
			fc.property(fc.string({ maxLength: 128 }), (text) => {
				// 32 bytes are a public key whatever they are: then it is one that nobody holds.
				if (Buffer.from(text, 'base64url').length !== 32) expect(exchange.agree(text)).toBeNull();
			}),
		);
	});
});

describe('LinkKey', () => {
	const { here, there } = pair();

	test('tells another text, and a seal with any bit turned', () => {
		const seal = here.seal('12 µs');
		expect(there.fits('13 µs', seal)).toBe(false);
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 255 }), (bit) => {
				const bad = Buffer.from(seal, 'base64url');
				bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
				expect(there.fits('12 µs', bad.toString('base64url'))).toBe(false);
			}),
		);
	});

	test('refuses whatever else is sent instead', () => {
		fc.assert(
			fc.property(fc.anything(), (seal) => {
				expect(there.fits('a text', seal)).toBe(false);
			}),
		);
	});
});
