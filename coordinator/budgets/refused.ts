import { CodedError } from '../../shared/coded-error.ts';
import type { Ledger } from '../database/ledger.ts';
import { tellRefused } from './budget-store.ts';
import { REFUSED_BY } from './fits.ts';

/**
 * Passes on what became of work that somebody asked for. When a budget has refused it, all of its transaction is undone, so
 * that people are told in another one; should that fail they are not.
 */
export const tellingOfRefusal = async <T>(ledger: Ledger, ownerSeq: number, work: Promise<T>): Promise<T> => {
	try {
		return await work;
	} catch (error) {
		if (error instanceof CodedError && error.code === 'budget-exceeded') {
			const id = error.fields?.find(({ path }) => path === REFUSED_BY)?.message;
			if (id !== undefined) await ledger.write(tellRefused, { id, ownerSeq, now: Date.now() }).catch(() => {});
		}
		throw error;
	}
};
