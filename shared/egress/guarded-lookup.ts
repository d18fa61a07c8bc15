import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { isPublicAddress } from './address-rules.ts';
import { refused } from './check-url.ts';

/** Finds all addresses of a name. */
export type Resolve = (host: string, options: LookupOptions) => Promise<LookupAddress[]>;

type Answer = (error: Error | null, address: string | LookupAddress[], family?: number) => void;
export type GuardedLookup = (host: string, options: LookupOptions, answer: Answer) => void;

export const resolveBySystem: Resolve = (host, options) =>
	new Promise((resolve, reject) => {
		lookup(host, { ...options, all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
	});

/**
 * What a socket asks for the addresses of a name. What it answers is what is connected to, so a name cannot mean one
 * thing when it is checked and another when it is asked. One private address among public ones is enough to refuse.
 */
export const guardedLookup = (resolve: Resolve, isAllowed: boolean): GuardedLookup => {
	const find = async (host: string, options: LookupOptions): Promise<LookupAddress[]> => {
		const addresses = await resolve(host, options);
		if (addresses.length === 0) throw Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' });
		if (!isAllowed && !addresses.every(({ address }) => isPublicAddress(address))) {
			throw refused(host, 'its address is not public');
		}
		return addresses;
	};
	return (host, options, answer) => {
		find(host, options).then(
			(addresses) => {
				const [{ address, family }] = addresses as [LookupAddress];
				if (options.all) answer(null, addresses);
				else answer(null, address, family);
			},
			(error: Error) => answer(error, []),
		);
	};
};
