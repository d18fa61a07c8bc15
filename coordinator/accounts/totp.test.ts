import { Secret } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { newTotpSecret, readTotpCode, stepOfCode, totpUri } from './totp.ts';

const SECRET = new Secret({ buffer: new TextEncoder().encode('12345678901234567890').buffer }).base32;

describe('codes', () => {
	// RFC 6238, appendix B, the last six digits.
	it.each([
		[59, '287082'],
		[1_111_111_109, '081804'],
		[1_111_111_111, '050471'],
		[1_234_567_890, '005924'],
		[2_000_000_000, '279037'],
		[20_000_000_000, '353130'],
	])('at %i s are those of the standard', (seconds, code) => {
		expect(stepOfCode(SECRET, code, seconds * 1_000)).toBe(Math.floor(seconds / 30));
	});

	it('are taken one step early or late, and no further', () => {
		const at = 1_111_111_111_000;
		const step = Math.floor(at / 30_000);
		expect([-60, -30, 30, 60].map((s) => stepOfCode(SECRET, '050471', at + s * 1_000))).toEqual([
			null,
			step,
			step,
			null,
		]);
	});

	it('are read however they were typed', () => {
		expect(['123 456', '123-456', ' 123456 '].map(readTotpCode)).toEqual(['123456', '123456', '123456']);
		expect(['12345', '1234567', '12345a', '１２３４５６', ''].map(readTotpCode)).toEqual([
			null,
			null,
			null,
			null,
			null,
		]);
	});

	it('come of a secret that apps take from an address', () => {
		const secret = newTotpSecret();
		expect(secret).toMatch(/^[A-Z2-7]{32}$/);
		const uri = new URL(totpUri(secret, { issuer: 'Millrace mill.example', username: 'ada: b&c' }));
		expect(uri.protocol).toBe('otpauth:');
		expect(Object.fromEntries(uri.searchParams)).toMatchObject({
			secret,
			issuer: 'Millrace mill.example',
			digits: '6',
		});
		expect(uri.href).not.toContain('ada: b&c');
	});
});
