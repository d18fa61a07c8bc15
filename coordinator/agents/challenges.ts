import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { LinkKeyExchange } from '../../shared/link-key/link-key.ts';
import { helloPayload } from '../../shared/protocol/agent-link.ts';

const SIGNATURE_BYTES = 64;

/** What one connection's hello must sign. It is taken once: a second hello has nothing to sign. */
export class Challenge {
	readonly #exchange = new LinkKeyExchange();
	#isTaken = false;

	/** A text that nobody can have signed before: our part of the agreement on the connection's key. */
	get nonce(): string {
		return this.#exchange.publicKey;
	}

	/** Our part of the agreement, or null when it was taken before. */
	take(): LinkKeyExchange | null {
		if (this.#isTaken) return null;
		this.#isTaken = true;
		return this.#exchange;
	}
}

/** The key as the crypto module takes it; null for bytes that are no point on the curve. */
const keyOf = (publicKey: Uint8Array): KeyObject | null => {
	try {
		const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') };
		return createPublicKey({ key: jwk, format: 'jwk' });
	} catch {
		return null;
	}
};

/** Whether the holder of the raw Ed25519 key signed this answer to the challenge; false for whatever is malformed. */
export const isSignedBy = (
	publicKey: Uint8Array,
	nonce: string,
	hello: { node: string; linkKey: string; signature: string },
): boolean => {
	const bytes = Buffer.from(hello.signature, 'base64url');
	if (bytes.length !== SIGNATURE_BYTES) return false;
	const key = keyOf(publicKey);
	return key !== null && verify(null, Buffer.from(helloPayload(nonce, hello.node, hello.linkKey)), key, bytes);
};
