import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { helloPayload } from '../../shared/protocol/agent-link.ts';
import { idSchema } from '../../shared/protocol/ids.ts';

const identityFileSchema = z.object({
	version: z.literal(1),
	coordinator: z.url(),
	node: idSchema('node'),
	name: z.string(),
	/** PKCS #8, DER, base64. */
	privateKey: z.string(),
});

/** An Ed25519 key pair; what a node is known by. */
export class NodeKey {
	readonly #key: KeyObject;

	constructor(key: KeyObject = generateKeyPairSync('ed25519').privateKey) {
		this.#key = key;
	}

	/** Raw public key, base64url. */
	get publicKey(): string {
		return createPublicKey(this.#key).export({ format: 'jwk' }).x ?? '';
	}

	/** Signs the answer to the coordinator's challenge; base64url. */
	sign(nonce: string, node: string, linkKey: string): string {
		return sign(null, Buffer.from(helloPayload(nonce, node, linkKey)), this.#key).toString('base64url');
	}

	export(): string {
		return this.#key.export({ format: 'der', type: 'pkcs8' }).toString('base64');
	}

	static import(text: string): NodeKey {
		return new NodeKey(createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' }));
	}
}

/** Who this node is to its coordinator. */
export interface Identity {
	coordinator: string;
	node: string;
	name: string;
	key: NodeKey;
}

/** What an earlier start has left; null at the first start. Throws when the file is there and not usable. */
export const readIdentity = async (path: string): Promise<Identity | null> => {
	let text: string;
	try {
		text = await readFile(path, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw error;
	}
	try {
		const { coordinator, node, name, privateKey } = identityFileSchema.parse(JSON.parse(text));
		return { coordinator, node, name, key: NodeKey.import(privateKey) };
	} catch (cause) {
		const advice = 'Remove it and start with a new token, or put the old one back.';
		throw new Error(`The node's identity in ${path} is damaged. ${advice}`, { cause });
	}
};

/** Writes the identity so that either the whole of it is there or nothing, readable by this account alone. */
export const writeIdentity = async (path: string, identity: Identity): Promise<void> => {
	const { coordinator, node, name, key } = identity;
	const text = JSON.stringify({ version: 1, coordinator, node, name, privateKey: key.export() });
	await mkdir(dirname(path), { recursive: true });
	const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
	const file = await open(temporary, 'wx', 0o600);
	try {
		await file.writeFile(`${text}\n`);
		await file.sync();
	} finally {
		await file.close();
	}
	await chmod(temporary, 0o600);
	await rename(temporary, path);
};
