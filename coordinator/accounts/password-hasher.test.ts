import * as argon2 from '@node-rs/argon2';
import { expect, it, vi } from 'vitest';
import { PasswordHasher } from './password-hasher.ts';

it('hashes with argon2id and the parameters of S1', async () => {
	const hasher = await PasswordHasher.open();
	const stored = await hasher.hash('a pony that eats maps');
	expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
	expect(await hasher.verify(stored, 'a pony that eats maps')).toBe(true);
	expect(await hasher.verify(stored, 'a pony that eats map')).toBe(false);
	expect(hasher.needsRehash(stored)).toBe(false);
	const weak = await argon2.hash('a pony that eats maps', { memoryCost: 4_096, timeCost: 2, parallelism: 1 });
	expect(hasher.needsRehash(weak)).toBe(true);
	expect(await hasher.verify(weak, 'a pony that eats maps')).toBe(true);
});

it('verifies a dummy hash of the same parameters when there is no user, and says no', async () => {
	const verify = vi.fn(argon2.verify);
	const hasher = await PasswordHasher.open(verify);
	expect(await hasher.verify(null, 'whatever')).toBe(false);
	expect(verify).toHaveBeenCalledOnce();
	expect(verify.mock.calls[0]?.[0]).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

it('runs two at once and lets 50 wait; more are refused at once', async () => {
	let running = 0;
	let most = 0;
	const hasher = await PasswordHasher.open(async () => {
		most = Math.max(most, ++running);
		await new Promise((resolve) => setImmediate(resolve));
		running--;
		return true;
	});
	const outcomes = await Promise.allSettled(Array.from({ length: 60 }, () => hasher.verify('$hash', 'x')));
	const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
	expect(refused).toHaveLength(8);
	expect(refused[0]?.reason).toMatchObject({ code: 'too-many-requests', retryAfter: 2 });
	expect(most).toBe(2);
	expect(await hasher.verify('$hash', 'x')).toBe(true);
});
