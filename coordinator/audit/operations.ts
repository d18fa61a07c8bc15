import type { AnyOperation } from '../database/operation.ts';
import { recordAudit } from './audit-store.ts';
import { blankAudit } from './blank-store.ts';
import { readAuditNames } from './name-store.ts';
import { searchAudit } from './search-store.ts';
import { firstBlankedBy, verifyAuditPage } from './verify-store.ts';

/** All SQL of the audit room. */
export const AUDIT_OPERATIONS: readonly AnyOperation[] = [
	recordAudit,
	searchAudit,
	readAuditNames,
	verifyAuditPage,
	firstBlankedBy,
	blankAudit,
];
