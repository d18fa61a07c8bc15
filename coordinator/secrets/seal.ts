import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A secret as the ledger keeps it. */
export interface Sealed {
	/** Of the key that opens it. */
	keyId: string;
	nonce: Uint8Array;
	/** With the tag at its end. */
	sealed: Uint8Array;
}

/** Whose secret it is: a row that was copied to somebody else's name does not open. */
export interface SecretIdentity {
	id: string;
	/** Public id. */
	owner: string;
}

const boundTo = ({ id, owner }: SecretIdentity): Buffer => Buffer.from(`millrace-secret:1:${id}:${owner}`);

/** Names a key without telling it. */
export const keyIdOf = (key: Uint8Array): string => createHash('sha256').update(key).digest('hex').slice(0, 8);

/** Seals and opens by one key: AES-256-GCM with a random nonce for each sealing. */
export class Seal {
	readonly keyId: string;
	readonly #key: Buffer;

	constructor(key: Buffer) {
		this.#key = key;
		this.keyId = keyIdOf(key);
	}

	close(identity: SecretIdentity, value: Buffer): Sealed {
		const nonce = randomBytes(NONCE_BYTES);
		const cipher = createCipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: TAG_BYTES }).setAAD(
			boundTo(identity),
		);
		const sealed = Buffer.concat([cipher.update(value), cipher.final(), cipher.getAuthTag()]);
		return { keyId: this.keyId, nonce, sealed };
	}

	/** Throws when the key, the owner or a byte is another one. */
	open(identity: SecretIdentity, { nonce, sealed }: Pick<Sealed, 'nonce' | 'sealed'>): string {
		const end = sealed.length - TAG_BYTES;
		const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: TAG_BYTES })
			.setAAD(boundTo(identity))
			.setAuthTag(sealed.subarray(end));
		return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]).toString('utf8');
	}
}
