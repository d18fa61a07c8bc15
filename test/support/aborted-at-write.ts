import type { Ledger } from '../../coordinator/database/ledger.ts';

/** A signal that is aborted while a ledger does its so-many-th write from now on; `restore` the ledger then. */
export const abortedAtWrite = (ledger: Pick<Ledger, 'write'>, count: number) => {
	const { write } = ledger;
	const ending = new AbortController();
	let left = count;
	ledger.write = ((...args: Parameters<Ledger['write']>) => {
		if (--left === 0) ending.abort();
		return write.apply(ledger, args);
	}) as Ledger['write'];
	const restore = (): void => {
		ledger.write = write;
	};
	return { signal: ending.signal, restore };
};
