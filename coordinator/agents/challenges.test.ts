import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LinkKeyExchange } from '../../shared/link-key/link-key.ts';
import { helloPayload } from '../../shared/protocol/agent-link.ts';
import { Challenge, isSignedBy } from './challenges.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
const NODE = `nod_${'0'.repeat(26)}`;
const LINK_KEY = new LinkKeyExchange().publicKey;
const hello = (nonce: string, node: string) => ({
	...{ node, linkKey: LINK_KEY },
	signature: sign(null, Buffer.from(helloPayload(nonce, node, LINK_KEY)), privateKey).toString('base64url'),
});

describe('Challenge', () => {
	test('gives its nonce once, and never the same as another', () => {
		const challenge = new Challenge();
		expect(challenge.take()?.publicKey).toBe(challenge.nonce);
		expect(challenge.take()).toBeNull();
		expect(new Challenge().nonce).not.toBe(challenge.nonce);
		expect(Buffer.from(challenge.nonce, 'base64url')).toHaveLength(32);
	});
});

describe('isSignedBy', () => {
	const nonce = new Challenge().nonce;
	const good = hello(nonce, NODE);

	test('accepts what the key signed', () => {
		expect(isSignedBy(raw, nonce, hello(nonce, NODE))).toBe(true);
	});

	test('refuses another nonce, node, link key and key', () => {
		expect(isSignedBy(raw, new Challenge().nonce, good)).toBe(false);
		expect(isSignedBy(raw, nonce, { ...good, node: `nod_${'1'.repeat(26)}` })).toBe(false);
		expect(isSignedBy(raw, nonce, { ...good, linkKey: new LinkKeyExchange().publicKey })).toBe(false);
		const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x ?? '';
		expect(isSignedBy(Buffer.from(other, 'base64url'), nonce, good)).toBe(false);
	});

	test('refuses a signature with any bit turned', () => {
		const bytes = Buffer.from(good.signature, 'base64url');
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 511 }), (bit) => {
				const bad = Buffer.from(bytes);
				bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
				expect(isSignedBy(raw, nonce, { ...good, signature: bad.toString('base64url') })).toBe(false);
			}),
		);
	});

	test('refuses whatever else is sent instead, without throwing', () => {
		fc.assert(
			fc.property(fc.string({ maxLength: 128 }), fc.uint8Array({ minLength: 32, maxLength: 32 }), (text, key) => {
				expect(isSignedBy(raw, nonce, { ...good, signature: text })).toBe(false);
				expect(isSignedBy(key, nonce, { ...good, signature: randomBytes(64).toString('base64url') })).toBe(false);
			}),
		);
	});
});
