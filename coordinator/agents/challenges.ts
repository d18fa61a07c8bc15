import { createPublicKey, type KeyObject, randomBytes, verify } from 'node:crypto';
import { helloPayload } from '../../shared/protocol/agent-link.ts';

const NONCE_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** A random text that one connection's hello must sign. It is taken once: a second hello has nothing to sign. */
export class Challenge {
	readonly nonce = randomBytes(NONCE_BYTES).toString('base64url');
	#isTaken = false;

	/** The text, or null when it was taken before. */
	take(): string | null {
		if (this.#isTaken) return null;
		this.#isTaken = true;
		return this.nonce;
	}
}

const SIGNATURE = /^[A-Za-z0-9_-]{86}$/;

/** The key as the crypto module takes it; null for bytes that are no point on the curve. */
const keyOf = (publicKey: Uint8Array): KeyObject | null => {
	try {
		const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') };
		return createPublicKey({ key: jwk, format: 'jwk' });
	} catch {
		return null;
	}
};

/** Checks one node's signatures, off the event loop: they come with every message of settlements. */
export class SignatureCheck {
	readonly #key: KeyObject | null;

	constructor(publicKey: Uint8Array) {
		this.#key = keyOf(publicKey);
	}

	/** Whether the key's holder signed the text; false for whatever is malformed. */
	signed(text: string, signature: unknown): Promise<boolean> {
		const key = this.#key;
		if (key === null || typeof signature !== 'string' || !SIGNATURE.test(signature)) return Promise.resolve(false);
		return new Promise((resolve) => {
			verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'), (error, fits) =>
				resolve(error === null && fits),
			);
		});
	}
}

/** Whether the holder of the raw Ed25519 key signed this nonce for this node; false for whatever is malformed. */
export const isSignedBy = (publicKey: Uint8Array, nonce: string, node: string, signature: string): boolean => {
	const bytes = Buffer.from(signature, 'base64url');
	if (bytes.length !== SIGNATURE_BYTES) return false;
	const key = keyOf(publicKey);
	return key !== null && verify(null, Buffer.from(helloPayload(nonce, node)), key, bytes);
};
