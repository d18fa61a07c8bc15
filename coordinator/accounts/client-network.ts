import { isIPv6 } from 'node:net';

/**
 * Whom an address stands for when tries are counted: an IPv4 address, or the /64 of an IPv6 address, of which one
 * customer has all. An IPv4 address in IPv6 clothes is the IPv4 address.
 */
export const clientNetwork = (address: string): string => {
	const plain = address.replace(/%.*$/, '').toLowerCase();
	const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain);
	if (mapped) return mapped[1]!;
	if (!isIPv6(plain) || plain === '::1') return plain;
	const [head = '', tail] = plain.split('::');
	const groups = head === '' ? [] : head.split(':');
	if (tail !== undefined) {
		const after = tail === '' ? [] : tail.split(':');
		while (groups.length + after.length < 8) groups.push('0');
		groups.push(...after);
	}
	const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
	return `${network.join(':')}::/64`;
};
