import type { AuditEntry } from './audit-store.ts';

/** Who does something, and from where, as audited. */
export interface Doer {
	/** Public id of a person or a node, or `system`. */
	actor: string;
	address: string;
}

/** The coordinator itself, or its command line on its own machine. */
export const SYSTEM: Doer = { actor: 'system', address: 'local' };

export const auditOf = (
	doer: Doer,
	action: string,
	object: string,
	detail: AuditEntry['detail'] = {},
	outcome: AuditEntry['outcome'] = 'done',
): AuditEntry => ({ at: Date.now(), ...doer, action, object, outcome, detail });
