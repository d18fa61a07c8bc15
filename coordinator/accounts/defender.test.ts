import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccountRoom } from '../../test/support/account-room.ts';
import { SYSTEM } from '../audit/doer.ts';
import { clientNetwork } from './client-network.ts';
import type { Defender, Fault } from './defender.ts';

const MINUTE = 60_000;
let room: AccountRoom;
let defender: Defender;
beforeEach(async () => {
	room = await AccountRoom.open();
	defender = room.accounts.defender;
});
afterEach(() => room[Symbol.asyncDispose]());

const repeat = async (times: number, fault: Fault, address = '203.0.113.5') => {
	for (let i = 0; i < times; i++) await defender.count(address, fault);
};

describe('the defender', () => {
	it.each([
		['wrong-secret', 15],
		['unknown-user', 8],
		['limit-exceeded', 5],
	] as const)('bans for %s at the %i-th time', async (fault, times) => {
		await repeat(times - 1, fault);
		expect(() => defender.check('203.0.113.5')).not.toThrow();
		await repeat(1, fault);
		expect(() => defender.check('203.0.113.5')).toThrow(expect.objectContaining({ code: 'banned', retryAfter: 1_800 }));
		expect(() => defender.check('203.0.113.6')).not.toThrow();
	});

	it('forgets faults after half an hour', async () => {
		await repeat(14, 'wrong-secret');
		room.pass(30 * MINUTE);
		await repeat(14, 'wrong-secret');
		expect(defender.isBanned('203.0.113.5')).toBe(false);
	});

	it('bans half as long again each time, until a quiet day has passed', async () => {
		const lengths: number[] = [];
		for (let i = 0; i < 4; i++) {
			await repeat(5, 'limit-exceeded');
			const [ban] = defender.list();
			lengths.push((ban!.until - ban!.bannedAt) / MINUTE);
			room.clock.now = ban!.until;
			expect(defender.isBanned('203.0.113.5')).toBe(false);
		}
		expect(lengths).toEqual([30, 45, 67.5, 101.25]);
		room.pass(24 * 60 * MINUTE);
		await repeat(5, 'limit-exceeded');
		expect(defender.list()[0]!.until - room.clock.now).toBe(30 * MINUTE);
	});

	it('counts addresses of this machine too', async () => {
		await repeat(15, 'wrong-secret', '127.0.0.1');
		expect(defender.isBanned('127.0.0.1')).toBe(true);
		expect(defender.isBanned('::ffff:127.0.0.1')).toBe(true);
	});

	it('takes a whole IPv6 network for one address', async () => {
		for (let i = 0; i < 15; i++) await defender.count(`2001:db8:1:2::${i.toString(16)}`, 'wrong-secret');
		expect(defender.isBanned('2001:db8:1:2:ffff::1')).toBe(true);
		expect(defender.isBanned('2001:db8:1:3::1')).toBe(false);
		expect(defender.list().map((ban) => ban.address)).toEqual(['2001:db8:1:2::/64']);
		await defender.lift('2001:db8:1:2::/64', SYSTEM);
		expect(defender.list()).toEqual([]);
	});

	it('lets an administrator lift a ban, and audits both', async () => {
		await repeat(15, 'wrong-secret');
		await defender.lift('203.0.113.5', { actor: 'usr_admin', address: '192.0.2.1' });
		expect(defender.isBanned('203.0.113.5')).toBe(false);
		await expect(defender.lift('203.0.113.5', SYSTEM)).rejects.toMatchObject({ code: 'not-found' });
		expect((await room.audited()).map(({ action, object }) => [action, object])).toEqual([
			['address.ban', '203.0.113.5'],
			['address.unban', '203.0.113.5'],
		]);
	});
});

it('knows one IPv6 network in all its spellings, and takes any text', () => {
	const group = fc.integer({ min: 0, max: 0xffff });
	fc.assert(
		fc.property(
			fc.array(group, { minLength: 4, maxLength: 4 }),
			fc.array(group, { minLength: 4, maxLength: 4 }),
			(head, tail) => {
				fc.pre(head.join() !== '0,0,0,0');
				const hex = [...head, ...tail].map((part) => part.toString(16));
				const padded = hex.map((part) => part.padStart(4, '0').toUpperCase());
				expect(clientNetwork(padded.join(':'))).toBe(
					clientNetwork(new URL(`http://[${hex.join(':')}]`).hostname.slice(1, -1)),
				);
			},
		),
	);
	fc.assert(fc.property(fc.string(), (text) => typeof clientNetwork(text) === 'string'));
});
