import { z } from 'zod';
import { backupCheckSchema, backupNameSchema, backupsViewSchema } from '../../../../shared/protocol/backup.ts';
import { choreViewSchema } from '../../../../shared/protocol/chore.ts';
import { doerOf } from '../../../accounts/actor.ts';
import type { Backups } from '../../../backup/backups.ts';
import type { ChoreDesk } from '../../../upkeep/chore-desk.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

export const backupRoutes = ({ backups, choreDesk }: { backups: Backups; choreDesk: ChoreDesk }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/backups',
		access: { verb: 'read', kind: 'settings' },
		summary: 'Backups in the coordinator’s folder for them, and how the last ones went, newest first',
		tag: 'upkeep',
		answers: { 200: backupsViewSchema },
		handler: async () => backups.view(),
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/admin/backups',
		access: { verb: 'write', kind: 'settings' },
		summary: 'Begin a backup now, into the folder that the coordinator was started with; see the chore for how it goes',
		tag: 'upkeep',
		answers: { 202: choreViewSchema },
		async handler({ actor, reply }) {
			backups.requireFolder();
			const begun = await choreDesk.runNow('back-up', doerOf(actor));
			reply.code(202);
			return begun;
		},
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/admin/backups/:name::check',
		access: { verb: 'write', kind: 'settings' },
		summary: 'Begin to read a backup through, every byte of it; see the list for what is found',
		tag: 'upkeep',
		params: z.strictObject({ name: backupNameSchema }),
		answers: { 202: backupCheckSchema },
		async handler({ actor, params, reply }) {
			const begun = await backups.check(params.name, doerOf(actor));
			reply.code(202);
			return begun;
		},
	}),
];
