import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type LinkKey, LinkKeyExchange } from '../../shared/link-key/link-key.ts';
import { type AttemptRef, type Hello, helloPayload } from '../../shared/protocol/agent-link.ts';
import { settlePayload } from '../../shared/protocol/settle-payload.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts';

/** What a machine brings to join and to say hello: a key, and signatures by it. */
export class TestNode {
	readonly name: string;
	readonly #privateKey: KeyObject;
	readonly #exchange = new LinkKeyExchange();
	#linkKey: LinkKey | null = null;
	/** Raw Ed25519, base64url. */
	readonly publicKey: string;
	/** Its id, once it has joined. */
	id = '';

	constructor(name: string) {
		this.name = name;
		const { privateKey, publicKey } = generateKeyPairSync('ed25519');
		this.#privateKey = privateKey;
		this.publicKey = publicKey.export({ format: 'jwk' }).x ?? '';
	}

	sign(nonce: string): string {
		const text = helloPayload(nonce, this.id, this.#exchange.publicKey);
		return sign(null, Buffer.from(text), this.#privateKey).toString('base64url');
	}

	/** A `task:settle` message, rightly sealed for the link of the last hello. */
	settlement(...items: unknown[]): { items: unknown[]; seal: string } {
		if (!this.#linkKey) throw new Error('it has said no hello yet');
		return { items, seal: this.#linkKey.seal(settlePayload(this.id, items)) };
	}

	hello(nonce: string, options: Partial<Hello> & { running?: AttemptRef[] } = {}): Hello {
		this.#linkKey = this.#exchange.agree(nonce);
		return {
			protocol: PROTOCOL_VERSION,
			node: this.id,
			signature: this.sign(nonce),
			linkKey: this.#exchange.publicKey,
			capabilities: {
				cores: 4,
				memoryBytes: 8e9,
				hardware: {},
				labels: {},
				sandbox: 'none',
				taskTypes: ['noop'],
				platform: 'linux',
				agentVersion: '0.1.0',
			},
			queues: ['normal'],
			concurrency: 4,
			running: [],
			...options,
		};
	}
}
