import { auditEntrySchema, auditQuerySchema, auditVerdictSchema } from '../../../../shared/protocol/audit.ts';
import { pageOf } from '../../../../shared/protocol/json.ts';
import type { AuditLog } from '../../../audit/audit-log.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const millis = (instant: string | undefined): number | undefined =>
	instant === undefined ? undefined : Date.parse(instant);

export const auditRoutes = ({ audit }: { audit: AuditLog }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/audit',
		access: { verb: 'read', kind: 'audit' },
		summary: 'The audit log, newest first',
		tag: 'audit',
		query: auditQuerySchema,
		answers: { 200: pageOf(auditEntrySchema) },
		async handler({ query }) {
			const { limit, cursor, from, to, ...filter } = query;
			const page = await audit.list({ ...filter, from: millis(from), to: millis(to) }, { limit, cursor });
			const items = page.items.map((row) => ({ ...row, at: new Date(row.at).toISOString() }));
			return { items, nextCursor: page.nextCursor };
		},
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/admin/audit::verify',
		access: { verb: 'read', kind: 'audit' },
		summary: 'Check the audit log’s chain from end to end',
		tag: 'audit',
		answers: { 200: auditVerdictSchema },
		handler: async () => audit.verify(),
	}),
];
