import { describe, expect, it } from 'vitest';
import { noSessionCookie, sessionCookie, sessionSecretOf } from './session-cookie.ts';

describe('the session cookie', () => {
	it.each([
		[true, 'millrace.example'],
		[true, '192.0.2.7:8443'],
		[false, 'localhost:8080'],
		[false, '127.0.0.1:8080'],
		[false, '[::1]:8080'],
	])('is guarded with tls=%s at %s', (tls, host) => {
		expect(sessionCookie('abc', { tls, host }, 60_000)).toBe(
			'__Host-millrace=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure',
		);
		expect(noSessionCookie({ tls, host })).toContain('__Host-millrace=; Path=/; Max-Age=0');
	});

	it.each(['192.0.2.7:8080', 'millrace.lan', 'localhost.example.org', '127.example.org'])(
		'goes without Secure over plain HTTP to %s, where a browser would drop it',
		(host) => {
			const cookie = sessionCookie('abc', { tls: false, host }, 60_000);
			expect(cookie).toBe('millrace=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Lax');
		},
	);

	it('is read under either name without TLS, and under the guarded one only with it', () => {
		expect(sessionSecretOf('a=b; millrace=plain', false)).toBe('plain');
		expect(sessionSecretOf('millrace=planted; __Host-millrace=mine', false)).toBe('mine');
		expect(sessionSecretOf('millrace=planted', true)).toBeNull();
		expect(sessionSecretOf('millrace=planted; __Host-millrace=mine', true)).toBe('mine');
		expect(sessionSecretOf('xmillrace=no; millrace2=no', false)).toBeNull();
		expect(sessionSecretOf(undefined, false)).toBeNull();
	});
});
