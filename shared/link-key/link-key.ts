import {
	createHmac,
	createPublicKey,
	createSecretKey,
	diffieHellman,
	generateKeyPairSync,
	hkdfSync,
	type KeyObject,
	timingSafeEqual,
} from 'node:crypto';

const KEY_BYTES = 32;
const PURPOSE = 'millrace-link-key:1';

const publicText = (key: KeyObject): string => createPublicKey(key).export({ format: 'jwk' }).x ?? '';

/**
 * The key of one connection between an agent and its coordinator, known to these two alone. It says that a message comes
 * from whoever proved with the node's own key who it is, at a fraction of what a signature a message costs.
 */
export class LinkKey {
	readonly #key: KeyObject;

	constructor(bytes: Uint8Array) {
		this.#key = createSecretKey(bytes);
	}

	/** HMAC-SHA256 of the text, base64url. */
	seal(text: string): string {
		return createHmac('sha256', this.#key).update(text).digest('base64url');
	}

	/** Whether this is the text's seal; false for whatever is malformed. */
	fits(text: string, seal: unknown): boolean {
		if (typeof seal !== 'string') return false;
		const wanted = Buffer.from(this.seal(text));
		const given = Buffer.from(seal);
		return given.length === wanted.length && timingSafeEqual(given, wanted);
	}
}

/**
 * One side's part in agreeing on a connection's key: X25519 with a pair of keys made for this connection only, then
 * HKDF-SHA256. Proves nothing of who the other is: that is the signature over both public keys.
 */
export class LinkKeyExchange {
	/** Raw, base64url. */
	readonly publicKey: string;
	readonly #privateKey: KeyObject;

	constructor() {
		this.#privateKey = generateKeyPairSync('x25519').privateKey;
		this.publicKey = publicText(this.#privateKey);
	}

	/** The key that the other side agrees on as well; null for what is no public key, or one of those that hide nothing. */
	agree(otherPublicKey: string): LinkKey | null {
		if (Buffer.from(otherPublicKey, 'base64url').length !== KEY_BYTES) return null;
		try {
			const jwk = { kty: 'OKP', crv: 'X25519', x: otherPublicKey };
			const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
			const secret = diffieHellman({ privateKey: this.#privateKey, publicKey });
			return new LinkKey(new Uint8Array(hkdfSync('sha256', secret, '', PURPOSE, KEY_BYTES)));
		} catch {
			return null;
		}
	}
}
