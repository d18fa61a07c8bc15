import type { Ledger } from '../database/ledger.ts';
import type { ClassRules } from '../scheduler/service-class.ts';
import type { ClassOf } from './open-task.ts';
import { readRecentStarts } from './start-store.ts';

const MINUTE_MS = 60_000;

/**
 * The rules of classes for a scheduler that begins anew, with what their rates owe for starts before it began: or each
 * restart would give every class its burst once more. `now` is the wall clock's, `clock` the scheduler's of the same moment.
 */
export const withStartsBefore = async (
	rules: readonly ClassRules[],
	parts: { ledger: Pick<Ledger, 'read'>; classOf: ClassOf; now: number; clock: number },
): Promise<ClassRules[]> => {
	if (rules.every(({ starts }) => starts === null)) return [...rules];
	const { ledger, classOf, now, clock } = parts;
	const startsOf = new Map<string, number[]>();
	for (const { ownerSeq, asked, at } of await ledger.read(readRecentStarts, null)) {
		const id = classOf(ownerSeq, asked);
		const starts = startsOf.get(id) ?? [];
		// The clock may have been set back since.
		starts.push(Math.min(at, now));
		startsOf.set(id, starts);
	}
	return rules.map((one) => {
		if (one.starts === null) return one;
		const each = MINUTE_MS / one.starts.perMinute;
		const paidUntil = (startsOf.get(one.id) ?? []).reduce((paid, at) => Math.max(paid, at) + each, 0);
		return paidUntil > now ? { ...one, startsPaidUntil: clock + paidUntil - now } : one;
	});
};
