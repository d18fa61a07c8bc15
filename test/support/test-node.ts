import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type AttemptRef, type Hello, helloPayload } from '../../shared/protocol/agent-link.ts';
import { settlePayload } from '../../shared/protocol/settle-payload.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts';

/** What a machine brings to join and to say hello: a key, and signatures by it. */
export class TestNode {
	readonly name: string;
	readonly #privateKey: KeyObject;
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
		return sign(null, Buffer.from(helloPayload(nonce, this.id)), this.#privateKey).toString('base64url');
	}

	/** A `task:settle` message, rightly signed. */
	settlement(...items: unknown[]): { items: unknown[]; signature: string } {
		const signature = sign(null, Buffer.from(settlePayload(this.id, items)), this.#privateKey);
		return { items, signature: signature.toString('base64url') };
	}

	hello(nonce: string, options: Partial<Hello> & { running?: AttemptRef[] } = {}): Hello {
		return {
			protocol: PROTOCOL_VERSION,
			node: this.id,
			signature: this.sign(nonce),
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
