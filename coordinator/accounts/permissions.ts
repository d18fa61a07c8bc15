import type { Role, TokenScope } from '../../shared/protocol/account.ts';
import type { Actor } from './actor.ts';
import { NotAllowed } from './not-allowed.ts';

/** What can be done. `read` sees, `write` makes or changes, `delete` removes, `steer` pauses, cancels or drains for others. */
export const VERBS = ['read', 'write', 'delete', 'steer'] as const;
export type Verb = (typeof VERBS)[number];

/** What it can be done to. */
export const OBJECT_KINDS = [
	'self', // who one is: every credential may ask that
	'account', // one's own sign-in: sessions, password, tokens
	'file',
	'task',
	'task-type',
	'recipe', // recipes, triggers, schedules, sources, jobs
	'dataset',
	'secret',
	'webhook',
	'notice',
	'usage',
	'accounting', // everybody's usage, prices, budgets
	'user',
	'queue',
	'service-class',
	'group',
	'node',
	'node-token',
	'audit',
	'health', // checks, and how the coordinator itself is
	'metrics', // counts of everybody's work, for who watches by machine
	'settings',
	'oversight', // lists of what everybody has made that goes on by itself
] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

/** The least role for a verb on a kind: of one's own things, and of other people's (or nobody's). `null`: nobody. */
type Rule = { own: Role | null; others: Role | null; scope: TokenScope | null };

/** `scope` is what a token needs besides; null: nothing. */
const rule = (own: Role | null, others: Role | null, scope: TokenScope | null): Rule => ({ own, others, scope });

const RULES: Record<ObjectKind, Record<Verb, Rule>> = {
	self: {
		read: rule('user', null, null),
		write: rule(null, null, 'admin'),
		delete: rule(null, null, 'admin'),
		steer: rule(null, null, 'admin'),
	},
	account: {
		read: rule('user', null, 'admin'),
		write: rule('user', null, 'admin'),
		delete: rule('user', null, 'admin'),
		steer: rule(null, null, 'admin'),
	},
	file: {
		read: rule('user', null, 'files:read'),
		write: rule('user', null, 'files:write'),
		delete: rule('user', null, 'files:write'),
		steer: rule(null, null, 'files:write'),
	},
	task: {
		read: rule('user', 'operator', 'tasks:read'),
		write: rule('user', null, 'tasks:write'),
		delete: rule('user', 'operator', 'tasks:write'),
		steer: rule('user', 'operator', 'tasks:write'),
	},
	'task-type': {
		read: rule('user', 'user', 'tasks:read'),
		write: rule('administrator', 'administrator', 'admin'),
		delete: rule('administrator', 'administrator', 'admin'),
		steer: rule('administrator', 'administrator', 'admin'),
	},
	recipe: {
		read: rule('user', 'operator', 'tasks:read'),
		write: rule('user', null, 'tasks:write'),
		delete: rule('user', null, 'tasks:write'),
		steer: rule('user', 'operator', 'tasks:write'),
	},
	// Who may read another one's is a matter of grants, which the room asks.
	dataset: {
		read: rule('user', 'user', 'files:read'),
		write: rule('user', 'administrator', 'files:write'),
		delete: rule('user', 'administrator', 'files:write'),
		steer: rule('administrator', 'administrator', 'admin'),
	},
	secret: ownOnly(),
	webhook: ownOnly(),
	notice: ownOnly(),
	usage: {
		read: rule('user', 'administrator', 'tasks:read'),
		write: rule(null, null, 'admin'),
		delete: rule(null, null, 'admin'),
		steer: rule(null, null, 'admin'),
	},
	accounting: administratorsOnly(),
	user: administratorsOnly(),
	queue: {
		read: rule('operator', 'operator', 'admin'),
		write: rule('administrator', 'administrator', 'admin'),
		delete: rule('administrator', 'administrator', 'admin'),
		steer: rule('operator', 'operator', 'admin'),
	},
	'service-class': operatorsRead(),
	group: operatorsRead(),
	node: {
		read: rule('operator', 'operator', 'admin'),
		write: rule('administrator', 'administrator', 'admin'),
		delete: rule('administrator', 'administrator', 'admin'),
		steer: rule('operator', 'operator', 'admin'),
	},
	'node-token': administratorsOnly(),
	audit: administratorsOnly(),
	health: operatorsRead(),
	metrics: { ...administratorsOnly(), read: rule('operator', 'operator', 'metrics') },
	settings: administratorsOnly(),
	oversight: operatorsRead(),
};

function ownOnly(): Record<Verb, Rule> {
	const change = rule('user', null, 'tasks:write');
	return { read: rule('user', null, 'tasks:read'), write: change, delete: change, steer: rule(null, null, 'admin') };
}

function administratorsOnly(): Record<Verb, Rule> {
	const only = rule('administrator', 'administrator', 'admin');
	return { read: only, write: only, delete: only, steer: only };
}

function operatorsRead(): Record<Verb, Rule> {
	return { ...administratorsOnly(), read: rule('operator', 'operator', 'admin') };
}

/** Null: all scopes. `admin` covers `metrics`. */
export const covers = (scopes: readonly TokenScope[] | null, scope: TokenScope): boolean =>
	scopes === null || scopes.includes(scope) || (scope === 'metrics' && scopes.includes('admin'));

const RANK: Record<Role, number> = { user: 0, operator: 1, administrator: 2 };

/** The one place that decides. `ownerSeq` is whose thing it is; null for things that belong to nobody. */
export const may = (
	actor: Pick<Actor, 'userSeq' | 'role' | 'scopes'>,
	verb: Verb,
	object: { kind: ObjectKind; ownerSeq: number | null },
): boolean => {
	const { own, others, scope } = RULES[object.kind][verb];
	if (scope !== null && !covers(actor.scopes, scope)) return false;
	const least = object.ownerSeq === actor.userSeq ? own : others;
	return least !== null && RANK[actor.role] >= RANK[least];
};

/** What an actor asks for. */
interface Asked {
	actor: Actor;
	verb: Verb;
	kind: ObjectKind;
}

/**
 * Throws unless it may be done. What one may not even see is `not-found`, so that ids tell nothing;
 * what one sees but may not change is `forbidden`.
 */
export const requirePermission = (
	actor: Actor,
	verb: Verb,
	object: { kind: ObjectKind; ownerSeq: number | null },
): void => {
	if (may(actor, verb, object)) return;
	const code = may(actor, 'read', object) ? 'forbidden' : 'not-found';
	throw refusal({ actor, verb, kind: object.kind }, code, (asking) => may(asking, verb, object));
};

/** The coarse check at the door, before the object is known: throws unless the verb may be done to some object of the kind. */
export const requireForSome = (actor: Actor, verb: Verb, kind: ObjectKind): void => {
	const isAllowed = (asking: Actor) =>
		may(asking, verb, { kind, ownerSeq: asking.userSeq }) || may(asking, verb, { kind, ownerSeq: null });
	if (!isAllowed(actor)) throw refusal({ actor, verb, kind }, 'forbidden', isAllowed);
};

/** Throws unless the verb may be done to everybody's objects of the kind. */
export const requireForAll = (actor: Actor, verb: Verb, kind: ObjectKind): void => {
	const isAllowed = (asking: Actor) => may(asking, verb, { kind, ownerSeq: null });
	if (!isAllowed(actor)) throw refusal({ actor, verb, kind }, 'forbidden', isAllowed);
};

/** It sounds as if it were for administrators. */
const WHOLE_ACCOUNT =
	', which means one’s whole account and is for everybody, not only administrators (millrace login --admin)';

/** Whose role would do is told which scope the token lacks. */
const refusal = (asked: Asked, code: 'forbidden' | 'not-found', isAllowed: (actor: Actor) => boolean): NotAllowed => {
	if (asked.actor.scopes === null || !isAllowed({ ...asked.actor, scopes: null })) return new NotAllowed(code, asked);
	const { scope } = RULES[asked.kind][asked.verb];
	const lacks =
		asked.actor.via === 'app-password'
			? 'This app password is for looking only. Make another one that may also write.'
			: `The token needs the scope ${scope}${scope === 'admin' ? WHOLE_ACCOUNT : ''}.`;
	return new NotAllowed('insufficient-scope', asked, lacks);
};
