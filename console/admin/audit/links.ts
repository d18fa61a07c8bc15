import type { AuditEntryView } from '../../../shared/protocol/audit.ts';
import { ID_PREFIXES, type IdKind } from '../../../shared/protocol/ids.ts';

/** Where things with an id have a page each. */
const BY_KIND: Partial<Record<IdKind, string>> = { task: '/tasks', user: '/users', node: '/nodes' };

/** And where they stand in a list only. */
const LIST_OF_KIND: Partial<Record<IdKind, string>> = {
	dataset: '/datasets',
	group: '/groups',
	nodeToken: '/nodes/add',
	recipe: '/recipes',
	schedule: '/schedules',
	source: '/sources',
	trigger: '/triggers',
	webhook: '/webhooks',
};

/** Lists in which one looks for a name. */
const LOOKED_THROUGH: readonly string[] = ['/datasets', '/recipes', '/schedules', '/sources', '/webhooks'];

/** Where things are shown that entries name by their name. */
const BY_NOUN: Readonly<Record<string, string>> = {
	queue: '/queues',
	'service-class': '/classes',
	'task-type': '/task-types',
};

/** What has no page of its own. */
const PLACE_OF_NOUN: Readonly<Record<string, string>> = {
	address: '/settings?tab=security',
	alerts: '/settings?tab=mail',
	audit: '/audit',
	backup: '/settings?tab=backups',
	chore: '/settings?tab=chores',
	log: '/settings?tab=log',
	mail: '/settings?tab=mail',
	diagnosis: '/health',
	prices: '/prices',
};

/** Where the thing of that id is shown; null: nowhere. */
export const linkOfId = (id: string): string | null => {
	const prefix = id.split('_')[0];
	const kind = (Object.keys(ID_PREFIXES) as IdKind[]).find((one) => ID_PREFIXES[one] === prefix && id.includes('_'));
	if (kind === undefined) return null;
	if (kind === 'budget') return `/budgets?${new URLSearchParams({ id })}`;
	const place = BY_KIND[kind];
	return place === undefined ? (LIST_OF_KIND[kind] ?? null) : `${place}/${encodeURIComponent(id)}`;
};

type Of = Pick<AuditEntryView, 'action' | 'object'> & { objectName?: string | null };

/** Where that is shown to which an entry's act was done; null: nowhere. In a list that is looked through by name, it alone. */
export const linkOfObject = ({ action, object, objectName = null }: Of): string | null => {
	const byId = linkOfId(object);
	if (byId !== null) {
		const isLookedThrough = LOOKED_THROUGH.includes(byId) && objectName !== null;
		return isLookedThrough ? `${byId}?${new URLSearchParams({ q: objectName })}` : byId;
	}
	const [noun = ''] = action.split('.');
	const place = BY_NOUN[noun];
	if (place !== undefined && object !== '') return `${place}/${encodeURIComponent(object)}`;
	return PLACE_OF_NOUN[noun] ?? null;
};
