import { doerOf } from '../../../accounts/actor.ts';
import type { AuditLog } from '../../../audit/audit-log.ts';
import { auditOf } from '../../../audit/doer.ts';
import type { Diagnosis } from '../../../diagnosis/diagnosis.ts';
import { StreamedBody } from '../../content/streamed-body.ts';
import { writeMade } from '../../content/write-file.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

export const diagnosisRoutes = (parts: {
	diagnosis: Pick<Diagnosis, 'writeTo'>;
	audit: Pick<AuditLog, 'record'>;
}): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/diagnosis',
		access: { verb: 'read', kind: 'settings' },
		summary: 'How the coordinator is, for whoever helps, as a zip without secrets, names, addresses or paths',
		tag: 'health',
		mostAtOnce: 1,
		answers: { 200: null },
		async handler({ actor, reply }) {
			await parts.audit.record(auditOf(doerOf(actor), 'diagnosis.take', 'coordinator'));
			reply.headers({
				'content-type': 'application/zip',
				'content-disposition': 'attachment; filename="millrace-diagnosis.zip"',
				'cache-control': 'private, no-store',
				'x-content-type-options': 'nosniff',
			});
			return new StreamedBody((response) => writeMade((send) => parts.diagnosis.writeTo(send), response, null));
		},
	}),
];
