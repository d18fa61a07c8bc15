import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { helloPayload } from '../../shared/protocol/agent-link.ts';
import { Challenge, isSignedBy } from './challenges.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
const NODE = `nod_${'0'.repeat(26)}`;
const signature = (nonce: string, node: string) =>
	sign(null, Buffer.from(helloPayload(nonce, node)), privateKey).toString('base64url');

describe('Challenge', () => {
	test('gives its nonce once, and never the same as another', () => {
		const challenge = new Challenge();
		expect(challenge.take()).toBe(challenge.nonce);
		expect(challenge.take()).toBeNull();
		expect(new Challenge().nonce).not.toBe(challenge.nonce);
		expect(Buffer.from(challenge.nonce, 'base64url')).toHaveLength(32);
	});
});

describe('isSignedBy', () => {
	const nonce = new Challenge().nonce;

	test('accepts what the key signed', () => {
		expect(isSignedBy(raw, nonce, NODE, signature(nonce, NODE))).toBe(true);
	});

	test('refuses another nonce, another node and another key', () => {
		const good = signature(nonce, NODE);
		expect(isSignedBy(raw, new Challenge().nonce, NODE, good)).toBe(false);
		expect(isSignedBy(raw, nonce, `nod_${'1'.repeat(26)}`, good)).toBe(false);
		const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x ?? '';
		expect(isSignedBy(Buffer.from(other, 'base64url'), nonce, NODE, good)).toBe(false);
	});

	test('refuses a signature with any bit turned', () => {
		const good = Buffer.from(signature(nonce, NODE), 'base64url');
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 511 }), (bit) => {
				const bad = Buffer.from(good);
				bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
				expect(isSignedBy(raw, nonce, NODE, bad.toString('base64url'))).toBe(false);
			}),
		);
	});

	test('refuses whatever else is sent instead, without throwing', () => {
		fc.assert(
			fc.property(fc.string({ maxLength: 128 }), fc.uint8Array({ minLength: 32, maxLength: 32 }), (text, key) => {
				expect(isSignedBy(raw, nonce, NODE, text)).toBe(false);
				expect(isSignedBy(key, nonce, NODE, randomBytes(64).toString('base64url'))).toBe(false);
			}),
		);
	});
});
