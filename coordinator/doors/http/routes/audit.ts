import { z } from 'zod';
import {
	auditEntrySchema,
	auditExportQuerySchema,
	auditProgressSchema,
	auditQuerySchema,
	auditVerdictSchema,
} from '../../../../shared/protocol/audit.ts';
import { pageOf } from '../../../../shared/protocol/json.ts';
import { doerOf } from '../../../accounts/actor.ts';
import type { AuditRow } from '../../../audit/audit-entry.ts';
import type { AuditLog } from '../../../audit/audit-log.ts';
import { auditOf } from '../../../audit/doer.ts';
import { auditText, auditView } from '../../../audit/export.ts';
import { StreamedBody } from '../../content/streamed-body.ts';
import { writeTexts } from '../../content/write-file.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const millis = (instant: string | undefined): number | undefined =>
	instant === undefined ? undefined : Date.parse(instant);

const MEDIA_TYPES = { csv: 'text/csv; charset=utf-8; header=present', json: 'application/x-ndjson' };

/** What was asked for, as it is audited. */
const wordsOf = (query: Record<string, string | undefined>): Record<string, string> =>
	Object.fromEntries(Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

/** Entries with what those are called of whom they tell. */
const named = async (audit: AuditLog, rows: readonly AuditRow[]) => {
	const names = await audit.namesIn(rows);
	return rows.map((row) => ({
		...auditView(row),
		actorName: names.get(row.actor)?.name ?? null,
		objectName: names.get(row.object)?.name ?? null,
		objectIsGone: names.get(row.object)?.isGone ?? false,
	}));
};

export const auditRoutes = ({ audit }: { audit: AuditLog }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/audit',
		access: { verb: 'read', kind: 'audit' },
		summary: 'The audit log, newest first: by who, what, to what, when and by words',
		tag: 'audit',
		mostAtOnce: 2,
		query: auditQuerySchema,
		answers: { 200: pageOf(auditEntrySchema) },
		async handler({ query }) {
			const { limit, cursor, from, to, ...filter } = query;
			const page = await audit.list({ ...filter, from: millis(from), to: millis(to) }, { limit, cursor });
			return { items: await named(audit, page.items), nextCursor: page.nextCursor };
		},
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/audit/entries/:seq',
		access: { verb: 'read', kind: 'audit' },
		summary: 'One entry of the audit log by its number',
		tag: 'audit',
		params: z.strictObject({
			seq: z.coerce
				.number()
				.int()
				.min(1)
				.max(Number.MAX_SAFE_INTEGER - 1),
		}),
		answers: { 200: auditEntrySchema },
		async handler({ params }) {
			const [entry] = await named(audit, [await audit.read(params.seq)]);
			return entry as NonNullable<typeof entry>;
		},
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/audit/export',
		access: { verb: 'read', kind: 'audit' },
		summary: 'The same as CSV, or as JSON with one entry a line, whole; it is audited that it was taken',
		tag: 'audit',
		mostAtOnce: 1,
		query: auditExportQuerySchema,
		answers: { 200: null },
		async handler({ actor, query, reply }) {
			const { format, from, to, ...filter } = query;
			await audit.record(auditOf(doerOf(actor), 'audit.export', format, wordsOf(query)));
			const rows = audit.all({ ...filter, from: millis(from), to: millis(to) });
			reply.headers({
				'content-type': MEDIA_TYPES[format],
				'content-disposition': `attachment; filename="audit.${format === 'csv' ? 'csv' : 'ndjson'}"`,
				'cache-control': 'private, no-store',
				'x-content-type-options': 'nosniff',
			});
			return new StreamedBody((response) => writeTexts(auditText(rows, format), response));
		},
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/admin/audit::verify',
		access: { verb: 'read', kind: 'audit' },
		summary: 'Check the audit log’s chain from end to end',
		tag: 'audit',
		mostAtOnce: 1,
		answers: { 200: auditVerdictSchema },
		handler: async () => audit.verify(),
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/audit/verification',
		access: { verb: 'read', kind: 'audit' },
		summary: 'How far the check of the audit log has come that is under way',
		tag: 'audit',
		answers: { 200: auditProgressSchema },
		handler: async () => ({ running: audit.progress }),
	}),
];
