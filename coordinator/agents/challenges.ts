import { createPublicKey, randomBytes, verify } from 'node:crypto';
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

/** Whether the holder of the raw Ed25519 key signed this nonce for this node; false for whatever is malformed. */
export const isSignedBy = (publicKey: Uint8Array, nonce: string, node: string, signature: string): boolean => {
	const bytes = Buffer.from(signature, 'base64url');
	if (bytes.length !== SIGNATURE_BYTES) return false;
	try {
		const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') };
		const key = createPublicKey({ key: jwk, format: 'jwk' });
		return verify(null, Buffer.from(helloPayload(nonce, node)), key, bytes);
	} catch {
		// Bytes that are no point on the curve.
		return false;
	}
};
