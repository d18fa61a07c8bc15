import {
	type AuditExportQuery,
	type AuditQuery,
	auditEntrySchema,
	auditProgressSchema,
	auditVerdictSchema,
} from '../protocol/audit.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import { listOf } from './page.ts';

type Signal = Pick<CallOptions, 'signal'>;

/** Newest first. A page can be shorter than its limit and yet have a next one. */
export const listAudit = (http: HttpClient, query: AuditQuery = {}, options: Signal = {}) =>
	http.json('GET', '/api/v1/admin/audit', listOf(auditEntrySchema), {
		query: query as Record<string, string>,
		...options,
	});

export const readAuditEntry = (http: HttpClient, seq: number, options: Signal = {}) =>
	http.json('GET', `/api/v1/admin/audit/entries/${seq}`, auditEntrySchema, options);

/** The body is the export: CSV, or JSON with one entry a line. */
export const exportAudit = (http: HttpClient, query: AuditExportQuery, options: Signal = {}) =>
	http.send('GET', '/api/v1/admin/audit/export', { query: { ...query }, timeoutMs: 0, ...options });

/** Reads the whole log; that takes a while when it is long. */
export const verifyAudit = (http: HttpClient, options: Signal = {}) =>
	http.json('POST', '/api/v1/admin/audit:verify', auditVerdictSchema, { timeoutMs: 0, ...options });

/** How far the check has come that is under way. */
export const readAuditCheck = (http: HttpClient, options: Signal = {}) =>
	http.json('GET', '/api/v1/admin/audit/verification', auditProgressSchema, options);
