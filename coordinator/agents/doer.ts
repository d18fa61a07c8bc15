import type { AuditEntry } from '../audit/audit-store.ts';

/** Who does something, and from where, as audited. */
export interface Doer {
	/** Public id of a person or a node, or `system`. */
	actor: string;
	address: string;
}

/** The coordinator itself. */
export const SYSTEM: Doer = { actor: 'system', address: '' };

export const auditOf = (
	doer: Doer,
	action: string,
	object: string,
	detail: AuditEntry['detail'] = {},
	outcome: AuditEntry['outcome'] = 'done',
): AuditEntry => ({ at: Date.now(), ...doer, action, object, outcome, detail });
