import type { AnyOperation } from '../database/operation.ts';
import { listAudit, recordAudit, verifyAuditPage } from './audit-store.ts';

/** All SQL of the audit room. */
export const AUDIT_OPERATIONS: readonly AnyOperation[] = [recordAudit, listAudit, verifyAuditPage];
