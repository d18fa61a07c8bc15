import ipaddr from 'ipaddr.js';

/** The part of IPv6 that is given out for use on the internet; all else is special, whatever it embeds. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an address, written as an address and not as a name, is one of the internet: nothing of this machine, of the
 * networks it stands in, of the cloud it runs in, and no IPv6 form that carries an IPv4 address in it.
 */
export const isPublicAddress = (address: string): boolean => {
	if (ipaddr.IPv4.isValidFourPartDecimal(address)) return ipaddr.IPv4.parse(address).range() === 'unicast';
	// A zone names an interface of this machine.
	if (address.includes('%') || !ipaddr.IPv6.isValid(address)) return false;
	const parsed = ipaddr.IPv6.parse(address);
	return parsed.range() === 'unicast' && parsed.match(GLOBAL_UNICAST);
};
