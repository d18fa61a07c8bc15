import { expect, test } from 'vitest';
import { NetworkRates } from './network-rates.ts';

const codeOf = (act: () => void): string | number => {
	try {
		act();
		return 'ok';
	} catch (error) {
		return (error as { retryAfter: number }).retryAfter;
	}
};

test('a network may burst, then goes on at its rate, and is told when', () => {
	let now = 0;
	const rates = new NetworkRates({ perSecond: 0.5, burst: 2 }, () => now);
	const take = (address = '192.0.2.1') => codeOf(() => rates.take(address));
	expect([take(), take(), take()]).toEqual(['ok', 'ok', 2]);
	expect(take('192.0.2.2')).toBe('ok');
	now = 1_000;
	expect(take()).toBe(1);
	now = 2_000;
	expect([take(), take()]).toEqual(['ok', 2]);
	now = 3_600_000;
	expect([take(), take(), take()]).toEqual(['ok', 'ok', 2]);
});

test('all of an IPv6 customer is one network, and IPv4 in IPv6 clothes is IPv4', () => {
	const rates = new NetworkRates({ perSecond: 1, burst: 1 }, () => 0);
	const take = (address: string) => codeOf(() => rates.take(address));
	expect([take('2001:db8::1'), take('2001:db8::2'), take('2001:db8:0:1::1')]).toEqual(['ok', 1, 'ok']);
	expect([take('192.0.2.1'), take('::ffff:192.0.2.1')]).toEqual(['ok', 1]);
});
