import { z } from 'zod';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import type { Accounts } from '../../../accounts/accounts.ts';
import { doerOf } from '../../../accounts/actor.ts';
import type { AuditLog } from '../../../audit/audit-log.ts';
import { auditOf } from '../../../audit/doer.ts';
import type { Files } from '../../../files/files.ts';
import type { Deletions } from '../../../rights/deletions.ts';
import type { DataExport } from '../../../rights/export.ts';
import { disposition } from '../../content/content-headers.ts';
import { StreamedBody } from '../../content/streamed-body.ts';
import { writeMade } from '../../content/write-file.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

interface RightsRooms {
	accounts: Pick<Accounts, 'users'>;
	audit: Pick<AuditLog, 'record'>;
	files: { downloads: Files['downloads'] };
	dataExport: Pick<DataExport, 'writeTo'>;
	deletions: Pick<Deletions, 'delete'>;
}

const idParams = z.strictObject({ id: idSchema('user') });

const headersOf = (username: string): Record<string, string> => ({
	'content-type': 'application/zip',
	'content-disposition': disposition('attachment', `millrace-${username}.zip`),
	'cache-control': 'private, no-store',
	'x-content-type-options': 'nosniff',
});

/** What people may ask of whoever keeps their data. */
export const rightsRoutes = ({ accounts, audit, files, dataExport, deletions }: RightsRooms): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/me/export',
		access: { verb: 'read', kind: 'account' },
		summary: 'All that is kept about oneself as a zip: records, and files with their content; README.txt explains it',
		tag: 'session',
		mostAtOnce: 1,
		answers: { 200: null },
		async handler({ actor, reply }) {
			const download = await files.downloads.begin(actor.userSeq, null);
			await audit.record(auditOf(doerOf(actor), 'user.export', actor.userId));
			reply.headers(headersOf(actor.username));
			const person = { seq: actor.userSeq, id: actor.userId };
			return new StreamedBody((response) => writeMade((send) => dataExport.writeTo(person, send), response, download));
		},
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/users/:id/export',
		access: { verb: 'read', kind: 'user' },
		fresh: true,
		summary: 'The same about somebody, who asked for it; it is audited',
		tag: 'users',
		mostAtOnce: 1,
		params: idParams,
		answers: { 200: null },
		async handler({ actor, params: { id }, reply }) {
			const { username } = await accounts.users.read(id);
			const person = { seq: await accounts.users.seqOf(id), id };
			await audit.record(auditOf(doerOf(actor), 'user.export', id));
			reply.headers(headersOf(username));
			return new StreamedBody((response) => writeMade((send) => dataExport.writeTo(person, send), response, null));
		},
	}),
	defineRoute({
		method: 'DELETE',
		path: '/api/v1/admin/users/:id',
		access: { verb: 'delete', kind: 'user' },
		fresh: true,
		summary:
			'Delete somebody whose account is disabled, with all that is theirs; what was used stays under a number. `confirm` is the name',
		tag: 'users',
		params: idParams,
		query: z.strictObject({ confirm: z.string().max(200).default('') }),
		answers: { 204: null },
		async handler({ actor, params, query, reply }) {
			await deletions.delete(params.id, query.confirm, doerOf(actor));
			reply.code(204);
		},
	}),
];
