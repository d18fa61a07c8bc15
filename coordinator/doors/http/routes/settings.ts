import {
	aboutSchema,
	logChangeSchema,
	logQuerySchema,
	logViewSchema,
	type SettingsView,
	settingsViewSchema,
	storageViewSchema,
} from '../../../../shared/protocol/about.ts';
import { doerOf } from '../../../accounts/actor.ts';
import type { SystemFacts } from '../../../diagnosis/system-facts.ts';
import type { LogDesk } from '../../../upkeep/log-desk.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const READ = { verb: 'read', kind: 'settings' } as const;
const LOG = '/api/v1/admin/log';

/** What the coordinator is, what it was started with, what takes how much, and its log. */
export const settingsRoutes = (parts: {
	systemFacts: Pick<SystemFacts, 'about' | 'settings' | 'storage'>;
	logDesk: Pick<LogDesk, 'view' | 'setLevel'>;
	accounts: { rules: SettingsView['rules'] };
}): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/about',
		access: { verb: 'read', kind: 'health' },
		summary: 'Which coordinator this is: versions, since when it runs, and the certificate that it shows',
		tag: 'health',
		answers: { 200: aboutSchema },
		handler: async () => parts.systemFacts.about(),
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/settings',
		access: READ,
		summary: 'What the coordinator was started with; of addresses, paths and secrets only whether they are set',
		tag: 'upkeep',
		answers: { 200: settingsViewSchema },
		handler: async () => ({ items: parts.systemFacts.settings(), rules: parts.accounts.rules }),
	}),
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/storage',
		access: READ,
		summary: 'What takes how much: contents, ledger, what is on its way, and whose files take most',
		tag: 'upkeep',
		mostAtOnce: 2,
		answers: { 200: storageViewSchema },
		handler: async () => parts.systemFacts.storage(),
	}),
	defineRoute({
		method: 'GET',
		path: LOG,
		access: READ,
		summary: 'How much is logged, and the newest lines of the log',
		tag: 'upkeep',
		query: logQuerySchema,
		answers: { 200: logViewSchema },
		handler: async ({ query }) => parts.logDesk.view(query.lines),
	}),
	defineRoute({
		method: 'PATCH',
		path: LOG,
		access: { verb: 'write', kind: 'settings' },
		summary: 'Have more or less logged from now on; after a restart it is again as it was started',
		tag: 'upkeep',
		body: logChangeSchema,
		answers: { 200: logViewSchema },
		async handler({ actor, body }) {
			await parts.logDesk.setLevel(body.level, doerOf(actor));
			return parts.logDesk.view(0);
		},
	}),
];
