import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Entries, Entry, EntryKind } from './entry-store.ts';

/** Which file or folder of whom, and who is asking, as audited. */
export interface Target {
	kind: EntryKind;
	id: string;
	ownerSeq: number;
	by: { actor: string; address: string };
	now: number;
}

/** Finds the target's row; throws `not-found` when it is not there or another person's. */
export const requireEntry = (entries: Entries, target: Target): Entry => {
	const entry = entries.find(target.kind, target.id);
	if (!entry || entry.ownerSeq !== target.ownerSeq) throw new CodedError('not-found');
	return entry;
};

/** Audits what was done to the target inside somebody's transaction. */
export const prepareTargetAudit = (db: Database) => {
	const audit = prepareAudit(db);
	return (target: Target, verb: string, detail: Record<string, string>): void => {
		audit({
			at: target.now,
			actor: target.by.actor,
			action: `${target.kind}.${verb}`,
			object: target.id,
			outcome: 'done',
			address: target.by.address,
			detail,
		});
	};
};
