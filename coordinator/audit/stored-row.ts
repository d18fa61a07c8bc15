import type { Json } from '../../shared/protocol/json.ts';
import type { AuditRow } from './audit-entry.ts';
import type { ChainedRow } from './hash-chain.ts';

/** A row of the table. */
export interface StoredRow extends ChainedRow {
	outcome: 'done' | 'refused';
	salt: Buffer | null;
	digest: Buffer;
	blanked_by: number | null;
	previous: Buffer;
	hash: Buffer;
}

export const rowOf = (stored: StoredRow): AuditRow => {
	const { seq, at, actor, action, object, outcome, address } = stored;
	return {
		...{ seq, at, actor, action, object, outcome, address },
		detail: JSON.parse(stored.detail) as Record<string, Json>,
		blanked: stored.salt === null,
		hash: stored.hash.toString('hex'),
	};
};
