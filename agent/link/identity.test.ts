import { createPublicKey, verify } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { helloPayload } from '../../shared/protocol/agent-link.ts';
import { joinSchema } from '../../shared/protocol/node.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { NodeKey, readIdentity, writeIdentity } from './identity.ts';

const folder = new TempFolder();
afterAll(() => folder[Symbol.asyncDispose]());

const NODE = `nod_${'0'.repeat(26)}`;
const identity = (key = new NodeKey()) => ({ coordinator: 'http://127.0.0.1:8080', node: NODE, name: 'mill', key });

/** As the coordinator does it: from the raw public key alone. */
const isSigned = (publicKey: string, payload: string, signature: string): boolean => {
	const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
	return verify(null, Buffer.from(payload), key, Buffer.from(signature, 'base64url'));
};

describe('a node’s key', () => {
	it('has a raw public key of 32 bytes, as a join takes it', () => {
		const { publicKey } = new NodeKey();
		expect(Buffer.from(publicKey, 'base64url')).toHaveLength(32);
		expect(joinSchema.safeParse({ token: 't', name: 'mill', publicKey }).success).toBe(true);
	});

	it('signs a challenge so that the public key proves it, for that nonce, node and link key alone', () => {
		const key = new NodeKey();
		const signature = key.sign('nonce-1', NODE, 'part');
		expect(isSigned(key.publicKey, helloPayload('nonce-1', NODE, 'part'), signature)).toBe(true);
		expect(isSigned(key.publicKey, helloPayload('nonce-2', NODE, 'part'), signature)).toBe(false);
		expect(isSigned(key.publicKey, helloPayload('nonce-1', `nod_${'1'.repeat(26)}`, 'part'), signature)).toBe(false);
		expect(isSigned(key.publicKey, helloPayload('nonce-1', NODE, 'other'), signature)).toBe(false);
		expect(isSigned(new NodeKey().publicKey, helloPayload('nonce-1', NODE, 'part'), signature)).toBe(false);
	});
});

describe('a node’s identity', () => {
	it('is the same after a restart, and readable by its account alone', async () => {
		const path = folder.join('new', 'identity.json');
		const written = identity();
		await writeIdentity(path, written);
		expect(statSync(path).mode & 0o777).toBe(0o600);
		expect(readdirSync(folder.join('new'))).toEqual(['identity.json']);
		const read = await readIdentity(path);
		expect(read).toMatchObject({ coordinator: written.coordinator, node: NODE, name: 'mill' });
		expect(read?.key.publicKey).toBe(written.key.publicKey);
		expect(isSigned(written.key.publicKey, helloPayload('n', NODE, 'p'), read?.key.sign('n', NODE, 'p') ?? '')).toBe(
			true,
		);
	});

	it('is null before the first join', async () => {
		expect(await readIdentity(folder.join('none.json'))).toBeNull();
	});

	it('that is damaged stops the start, with advice and without its secret', async () => {
		const path = folder.join('damaged.json');
		await writeIdentity(path, identity());
		const whole = readFileSync(path, 'utf8');
		for (const text of ['', '{}', 'x', whole.slice(0, -40), whole.replace('nod_', 'xxx_')]) {
			writeFileSync(path, text);
			await expect(readIdentity(path)).rejects.toThrow(/damaged.*Remove it/);
		}
	});
});
