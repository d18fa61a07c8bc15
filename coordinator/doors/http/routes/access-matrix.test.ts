import { readdir } from 'node:fs/promises';
import type { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { ROLES, type Role, type TokenScope } from '../../../../shared/protocol/account.ts';
import { testActor } from '../../../../test/support/bare-routes.ts';
import { DoorStage } from '../../../../test/support/door-stage.ts';
import { may, type ObjectKind, VERBS } from '../../../accounts/permissions.ts';
import { httpRoutes } from '../../../http-contents.ts';
import type { Upkeep } from '../../../open-upkeep.ts';
import type { Rooms } from '../../../rooms.ts';
import type { AnyRoute } from '../route.ts';

/** Least role for what is one's own, for what is somebody else's (or nobody's), and the scope that a token needs. */
type Least = readonly [own: Role | 'nobody', others: Role | 'nobody', scope: TokenScope | 'none'];

const ANYBODY = 'anybody';
const ATTEMPT = 'the holder of an attempt’s token';
const SELF: Least = ['user', 'nobody', 'none'];
const ACCOUNT: Least = ['user', 'nobody', 'admin'];
const FILE_READ: Least = ['user', 'nobody', 'files:read'];
const FILE_WRITE: Least = ['user', 'nobody', 'files:write'];
const SECRET_READ: Least = ['user', 'nobody', 'tasks:read'];
const SECRET_WRITE: Least = ['user', 'nobody', 'tasks:write'];
const TASK_READ: Least = ['user', 'operator', 'tasks:read'];
const TASK_SUBMIT: Least = ['user', 'nobody', 'tasks:write'];
const TASK_STEER: Least = ['user', 'operator', 'tasks:write'];
const DATASET_READ: Least = ['user', 'user', 'files:read'];
const DATASET_WRITE: Least = ['user', 'administrator', 'files:write'];
const RECIPE_READ: Least = ['user', 'operator', 'tasks:read'];
const RECIPE_WRITE: Least = ['user', 'nobody', 'tasks:write'];
const RECIPE_STEER: Least = ['user', 'operator', 'tasks:write'];
const OPERATOR: Least = ['operator', 'operator', 'admin'];
const ADMINISTRATOR: Least = ['administrator', 'administrator', 'admin'];

/** Who may what, said a second time and by hand: a route that is not in here, or is open to others, fails. */
const EXPECTED: Record<string, typeof ANYBODY | typeof ATTEMPT | Least> = {
	'POST /api/v1/session': ANYBODY,
	'DELETE /api/v1/session': ANYBODY,
	'POST /api/v1/session::confirm': ACCOUNT,
	'POST /api/v1/sessions::end-others': ACCOUNT,
	'GET /api/v1/me/second-factor': ACCOUNT,
	'POST /api/v1/me/second-factor': ACCOUNT,
	'POST /api/v1/me/second-factor::confirm': ACCOUNT,
	'POST /api/v1/me/second-factor::renew-codes': ACCOUNT,
	'DELETE /api/v1/me/second-factor': ACCOUNT,
	'GET /api/v1/admin/settings/second-factor': ADMINISTRATOR,
	'PUT /api/v1/admin/settings/second-factor': ADMINISTRATOR,
	'GET /api/v1/setup': ANYBODY,
	'POST /api/v1/setup': ANYBODY,
	'GET /api/v1/me': SELF,
	'PUT /api/v1/me/password': ACCOUNT,
	'GET /api/v1/sessions': ACCOUNT,
	'DELETE /api/v1/sessions/:id': ACCOUNT,
	'GET /api/v1/tokens': ACCOUNT,
	'POST /api/v1/tokens': ACCOUNT,
	'DELETE /api/v1/tokens/:id': ACCOUNT,
	'GET /api/v1/app-passwords': ACCOUNT,
	'POST /api/v1/app-passwords': ACCOUNT,
	'DELETE /api/v1/app-passwords/:id': ACCOUNT,
	'GET /api/v1/admin/users': ADMINISTRATOR,
	'POST /api/v1/admin/users': ADMINISTRATOR,
	'POST /api/v1/admin/users::invite': ADMINISTRATOR,
	'GET /api/v1/admin/users/:id': ADMINISTRATOR,
	'PATCH /api/v1/admin/users/:id': ADMINISTRATOR,
	'POST /api/v1/admin/users/:id::reset-password': ADMINISTRATOR,
	'GET /api/v1/admin/things/:kind': OPERATOR,
	'POST /api/v1/admin/users/:id::password-link': ADMINISTRATOR,
	'POST /api/v1/admin/users/:id::shut-out': ADMINISTRATOR,
	'GET /api/v1/admin/users/:id/groups': OPERATOR,
	'GET /api/v1/admin/users/:id/sessions': ADMINISTRATOR,
	'DELETE /api/v1/admin/users/:id/sessions/:session': ADMINISTRATOR,
	'GET /api/v1/admin/users/:id/credentials': ADMINISTRATOR,
	'DELETE /api/v1/admin/users/:id/credentials/:credential': ADMINISTRATOR,
	'POST /api/v1/password-links::read': ANYBODY,
	'POST /api/v1/password-links::use': ANYBODY,
	'POST /api/v1/admin/users/:id::reset-second-factor': ADMINISTRATOR,
	'GET /api/v1/admin/chores': ADMINISTRATOR,
	'POST /api/v1/admin/chores/:name::run': ADMINISTRATOR,
	'GET /api/v1/admin/damaged-content': ADMINISTRATOR,
	'GET /api/v1/admin/backups': ADMINISTRATOR,
	'POST /api/v1/admin/backups': ADMINISTRATOR,
	'POST /api/v1/admin/backups/:name::check': ADMINISTRATOR,
	'GET /api/v1/admin/about': OPERATOR,
	'GET /api/v1/admin/settings': ADMINISTRATOR,
	'GET /api/v1/admin/storage': ADMINISTRATOR,
	'GET /api/v1/admin/log': ADMINISTRATOR,
	'PATCH /api/v1/admin/log': ADMINISTRATOR,
	'GET /api/v1/admin/audit/verification': ADMINISTRATOR,
	'GET /api/v1/admin/audit/entries/:seq': ADMINISTRATOR,
	'GET /api/v1/admin/bans': ADMINISTRATOR,
	'DELETE /api/v1/admin/bans/:address': ADMINISTRATOR,
	'GET /api/v1/admin/audit': ADMINISTRATOR,
	'GET /api/v1/me/export': ACCOUNT,
	'GET /api/v1/admin/users/:id/export': ADMINISTRATOR,
	'DELETE /api/v1/admin/users/:id': ADMINISTRATOR,
	'GET /api/v1/admin/health': OPERATOR,
	'GET /api/v1/admin/diagnosis': ADMINISTRATOR,
	'GET /api/v1/admin/mail': ADMINISTRATOR,
	'PUT /api/v1/admin/mail': ADMINISTRATOR,
	'DELETE /api/v1/admin/mail': ADMINISTRATOR,
	'POST /api/v1/admin/mail::test': ADMINISTRATOR,
	'POST /api/v1/admin/alerts::test': ADMINISTRATOR,
	'GET /api/v1/admin/audit/export': ADMINISTRATOR,
	'POST /api/v1/admin/audit::verify': ADMINISTRATOR,
	'GET /api/v1/files': FILE_READ,
	'GET /api/v1/files/:id': FILE_READ,
	'GET /api/v1/files/:id/versions': FILE_READ,
	'GET /api/v1/files/:id/provenance': FILE_READ,
	'HEAD /api/v1/files/:id/content': FILE_READ,
	'GET /api/v1/files/:id/content': FILE_READ,
	'GET /api/v1/files/:id/thumbnail': FILE_READ,
	'POST /api/v1/files/:id::move': FILE_WRITE,
	'POST /api/v1/files/:id::restore': FILE_WRITE,
	'DELETE /api/v1/files/:id': FILE_WRITE,
	'POST /api/v1/folders': FILE_WRITE,
	'POST /api/v1/folders/:id::move': FILE_WRITE,
	'POST /api/v1/folders/:id::restore': FILE_WRITE,
	'DELETE /api/v1/folders/:id': FILE_WRITE,
	'HEAD /api/v1/content/*': FILE_READ,
	'GET /api/v1/content/*': FILE_READ,
	'PUT /api/v1/content/*': FILE_WRITE,
	'DELETE /api/v1/content/*': FILE_WRITE,
	'GET /api/v1/archive': FILE_READ,
	'POST /api/v1/archives': FILE_READ,
	'GET /api/v1/datasets': DATASET_READ,
	'POST /api/v1/datasets': DATASET_WRITE,
	'GET /api/v1/datasets/:name': DATASET_READ,
	'PATCH /api/v1/datasets/:name': DATASET_WRITE,
	'DELETE /api/v1/datasets/:name': DATASET_WRITE,
	'GET /api/v1/datasets/:name/versions': DATASET_READ,
	'GET /api/v1/datasets/:name/entries': DATASET_READ,
	'GET /api/v1/datasets/:name/folder': DATASET_READ,
	'HEAD /api/v1/datasets/:name/content/*': DATASET_READ,
	'GET /api/v1/datasets/:name/content/*': DATASET_READ,
	'GET /api/v1/datasets/:name/grants': DATASET_WRITE,
	'PUT /api/v1/datasets/:name/grants': DATASET_WRITE,
	'POST /api/v1/datasets/:name::publish': DATASET_WRITE,
	'POST /api/v1/datasets/:name::accept': DATASET_READ,
	'POST /api/v1/admin/datasets': ADMINISTRATOR,
	'POST /api/v1/admin/datasets/:name::publish': ADMINISTRATOR,
	'POST /api/v1/tasks': TASK_SUBMIT,
	'POST /api/v1/tasks::batch': TASK_SUBMIT,
	'POST /api/v1/tasks::estimate': TASK_SUBMIT,
	'POST /api/v1/tasks/:id::again': TASK_SUBMIT,
	'POST /api/v1/tasks/:id::file': FILE_WRITE,
	'GET /api/v1/tasks': TASK_READ,
	'GET /api/v1/tasks/:id': TASK_READ,
	'GET /api/v1/tasks/:id/placement': TASK_READ,
	'GET /api/v1/tasks/:id/log': TASK_READ,
	'POST /api/v1/tasks/:id::cancel': TASK_STEER,
	'POST /api/v1/tasks/:id::retry': TASK_STEER,
	'POST /api/v1/tasks/:id::hold': TASK_STEER,
	'POST /api/v1/tasks/:id::release': TASK_STEER,
	'POST /api/v1/tasks/:id::boost': OPERATOR,
	'POST /api/v1/tasks/:id::unboost': OPERATOR,
	'POST /api/v1/tasks/:id::move': OPERATOR,
	'GET /api/v1/tasks/:id/outputs/:name': TASK_READ,
	'GET /api/v1/task-types': ['user', 'user', 'tasks:read'],
	'GET /api/v1/task-types/:name': ['user', 'user', 'tasks:read'],
	'POST /api/v1/admin/task-types': ADMINISTRATOR,
	'POST /api/v1/admin/task-types::check': ADMINISTRATOR,
	'DELETE /api/v1/admin/task-types/:name': ADMINISTRATOR,
	'GET /api/v1/notices': SECRET_READ,
	'POST /api/v1/notices::read': SECRET_WRITE,
	'GET /api/v1/webhooks': SECRET_READ,
	'POST /api/v1/webhooks': SECRET_WRITE,
	'GET /api/v1/webhooks/:id': SECRET_READ,
	'PATCH /api/v1/webhooks/:id': SECRET_WRITE,
	'DELETE /api/v1/webhooks/:id': SECRET_WRITE,
	'POST /api/v1/webhooks/:id::test': SECRET_WRITE,
	'POST /api/v1/webhooks/:id::resume': SECRET_WRITE,
	'POST /api/v1/webhooks/:id::rotate-key': SECRET_WRITE,
	'GET /api/v1/webhooks/:id/deliveries': SECRET_READ,
	'POST /api/v1/webhook-deliveries/:id::again': SECRET_WRITE,
	'GET /api/v1/schedules': RECIPE_READ,
	'POST /api/v1/schedules': RECIPE_WRITE,
	'POST /api/v1/schedules::preview': RECIPE_READ,
	'GET /api/v1/schedules/:id': RECIPE_READ,
	'PUT /api/v1/schedules/:id': RECIPE_WRITE,
	'DELETE /api/v1/schedules/:id': RECIPE_WRITE,
	'POST /api/v1/schedules/:id::pause': RECIPE_STEER,
	'POST /api/v1/schedules/:id::resume': RECIPE_STEER,
	'POST /api/v1/schedules/:id::run': RECIPE_WRITE,
	'GET /api/v1/schedules/:id/runs': RECIPE_READ,
	'GET /api/v1/sources': RECIPE_READ,
	'POST /api/v1/sources': RECIPE_WRITE,
	'GET /api/v1/sources/:id': RECIPE_READ,
	'PUT /api/v1/sources/:id': RECIPE_WRITE,
	'DELETE /api/v1/sources/:id': RECIPE_WRITE,
	'POST /api/v1/sources/:id::run': RECIPE_WRITE,
	'POST /api/v1/sources/:id::pause': RECIPE_STEER,
	'POST /api/v1/sources/:id::resume': RECIPE_STEER,
	'POST /api/v1/sources/:id::reset': RECIPE_WRITE,
	'GET /api/v1/sources/:id/items': FILE_READ,
	'GET /api/v1/sources/:id/runs': RECIPE_READ,
	'GET /api/v1/sources/:id/use': RECIPE_READ,
	'GET /api/v1/recipes': RECIPE_READ,
	'POST /api/v1/recipes': RECIPE_WRITE,
	'GET /api/v1/recipes/:id': RECIPE_READ,
	'PUT /api/v1/recipes/:id': RECIPE_WRITE,
	'DELETE /api/v1/recipes/:id': RECIPE_WRITE,
	'GET /api/v1/recipes/:id/versions': RECIPE_READ,
	'POST /api/v1/recipes/:id::roll-back': RECIPE_WRITE,
	'GET /api/v1/triggers': RECIPE_READ,
	'POST /api/v1/triggers': RECIPE_WRITE,
	'GET /api/v1/triggers/:id': RECIPE_READ,
	'PUT /api/v1/triggers/:id': RECIPE_WRITE,
	'DELETE /api/v1/triggers/:id': RECIPE_WRITE,
	'GET /api/v1/triggers/:id/firings': RECIPE_READ,
	'POST /api/v1/triggers/:id::apply': RECIPE_WRITE,
	'POST /api/v1/files/:id::access': FILE_WRITE,
	'POST /api/v1/jobs': RECIPE_WRITE,
	'POST /api/v1/jobs::dry-run': RECIPE_WRITE,
	'GET /api/v1/jobs': RECIPE_READ,
	'GET /api/v1/jobs/:id': RECIPE_READ,
	'GET /api/v1/jobs/:id/results': FILE_READ,
	'GET /api/v1/results': FILE_READ,
	'POST /api/v1/jobs/:id::pause': RECIPE_STEER,
	'POST /api/v1/jobs/:id::resume': RECIPE_STEER,
	'POST /api/v1/jobs/:id::cancel': RECIPE_STEER,
	'GET /api/v1/usage': ['user', 'administrator', 'tasks:read'],
	'GET /api/v1/me/statements/:month': ['user', 'administrator', 'tasks:read'],
	'GET /api/v1/admin/statements/:month': ADMINISTRATOR,
	'GET /api/v1/usage/metrics': ['user', 'administrator', 'tasks:read'],
	'GET /api/v1/admin/usage/metrics': ADMINISTRATOR,
	'GET /api/v1/usage/tasks': ['user', 'administrator', 'tasks:read'],
	'GET /api/v1/usage/files': ['user', 'administrator', 'tasks:read'],
	'GET /api/v1/admin/usage': ADMINISTRATOR,
	'GET /api/v1/admin/usage/records': ADMINISTRATOR,
	'POST /api/v1/admin/usage/corrections': ADMINISTRATOR,
	'POST /api/v1/admin/usage::verify': ADMINISTRATOR,
	'POST /api/v1/admin/usage::rebuild': ADMINISTRATOR,
	'GET /api/v1/admin/price-book': ADMINISTRATOR,
	'POST /api/v1/admin/price-book': ADMINISTRATOR,
	'DELETE /api/v1/admin/price-book/:version': ADMINISTRATOR,
	'GET /api/v1/me/budgets': ['user', 'administrator', 'tasks:read'],
	'GET /api/v1/admin/budgets': ADMINISTRATOR,
	'POST /api/v1/admin/budgets': ADMINISTRATOR,
	'GET /api/v1/admin/budgets/:id': ADMINISTRATOR,
	'PATCH /api/v1/admin/budgets/:id': ADMINISTRATOR,
	'DELETE /api/v1/admin/budgets/:id': ADMINISTRATOR,
	'GET /api/v1/admin/tasks/:id/decisions': OPERATOR,
	'GET /api/v1/admin/queues': OPERATOR,
	'GET /api/v1/admin/queues/:name': OPERATOR,
	'GET /api/v1/admin/waits': OPERATOR,
	'POST /api/v1/admin/queues': ADMINISTRATOR,
	'PATCH /api/v1/admin/queues/:name': ADMINISTRATOR,
	'POST /api/v1/admin/queues/:name::pause': OPERATOR,
	'POST /api/v1/admin/queues/:name::resume': OPERATOR,
	'GET /api/v1/admin/service-classes': OPERATOR,
	'GET /api/v1/admin/service-classes/:name': OPERATOR,
	'PUT /api/v1/admin/service-classes/:name': ADMINISTRATOR,
	'GET /api/v1/admin/service-classes/:name/versions': OPERATOR,
	'POST /api/v1/admin/service-classes/:name::roll-back': ADMINISTRATOR,
	'DELETE /api/v1/admin/service-classes/:name': ADMINISTRATOR,
	'GET /api/v1/admin/groups': OPERATOR,
	'POST /api/v1/admin/groups': ADMINISTRATOR,
	'GET /api/v1/admin/groups/:id': OPERATOR,
	'PATCH /api/v1/admin/groups/:id': ADMINISTRATOR,
	'DELETE /api/v1/admin/groups/:id': ADMINISTRATOR,
	'GET /api/v1/admin/groups/:id/members': OPERATOR,
	'PUT /api/v1/admin/groups/:id/members/:user': ADMINISTRATOR,
	'DELETE /api/v1/admin/groups/:id/members/:user': ADMINISTRATOR,
	'GET /api/v1/me/service-classes': SELF,
	'GET /api/v1/me/policy': SELF,
	'GET /api/v1/admin/users/:id/policy': OPERATOR,
	'GET /api/v1/tasks/:id/policy': TASK_READ,
	'POST /api/v1/admin/queues/:name::drain': OPERATOR,
	'POST /api/v1/admin/queues/:name::purge': ADMINISTRATOR,
	'POST /api/v1/admin/queues::route': OPERATOR,
	'DELETE /api/v1/admin/queues/:name': ADMINISTRATOR,
	'POST /api/v1/admin/tasks::steer': OPERATOR,
	'GET /api/v1/admin/acts': OPERATOR,
	'GET /api/v1/admin/acts/:id': OPERATOR,
	'POST /api/v1/admin/acts/:id::undo': OPERATOR,
	'GET /api/v1/admin/quarantine': OPERATOR,
	'POST /api/v1/admin/quarantine::discard': OPERATOR,
	'POST /api/v1/admin/quarantine::replay': OPERATOR,
	'GET /api/v1/admin/nodes': OPERATOR,
	'GET /api/v1/admin/nodes/:id': OPERATOR,
	'PATCH /api/v1/admin/nodes/:id': ADMINISTRATOR,
	'POST /api/v1/admin/nodes/:id::cordon': OPERATOR,
	'POST /api/v1/admin/nodes/:id::uncordon': OPERATOR,
	'POST /api/v1/admin/nodes/:id::drain': OPERATOR,
	'POST /api/v1/admin/nodes/:id::revoke': ADMINISTRATOR,
	'GET /api/v1/admin/nodes/:id/attempts': OPERATOR,
	'GET /api/v1/admin/nodes/:id/past-attempts': OPERATOR,
	'DELETE /api/v1/admin/nodes/:id': ADMINISTRATOR,
	'GET /api/v1/admin/nodes/:id/history': OPERATOR,
	'GET /api/v1/admin/queues/:name/history': OPERATOR,
	'GET /api/v1/admin/service-classes/:name/history': OPERATOR,
	'GET /api/v1/admin/history': OPERATOR,
	'POST /api/v1/admin/node-tokens': ADMINISTRATOR,
	'GET /api/v1/admin/node-tokens': ADMINISTRATOR,
	'DELETE /api/v1/admin/node-tokens/:id': ADMINISTRATOR,
	'GET /api/v1/admin/what-if': OPERATOR,
	'POST /api/v1/admin/what-if': OPERATOR,
	'POST /api/v1/agent/join': ANYBODY,
	'GET /api/v1/secrets': SECRET_READ,
	'POST /api/v1/secrets': SECRET_WRITE,
	'PUT /api/v1/secrets/:id': SECRET_WRITE,
	'DELETE /api/v1/secrets/:id': SECRET_WRITE,
	'GET /api/v1/agent/attempts/:task/:attempt/inputs/:sha256': ATTEMPT,
	'GET /api/v1/agent/attempts/:task/:attempt/secrets/:slot': ATTEMPT,
	'PUT /api/v1/agent/attempts/:task/:attempt/outputs/:name': ATTEMPT,
	'GET /healthz': ANYBODY,
	'GET /readyz': ANYBODY,
	'GET /metrics': ['operator', 'operator', 'metrics'],
	'GET /api/openapi.json': ANYBODY,
	'GET /api/docs': ANYBODY,
};

/** What needs a password of the last ten minutes from a session, always or by what is asked for (S38). */
const FRESH: readonly string[] = [
	'DELETE /api/v1/admin/nodes/:id',
	'DELETE /api/v1/admin/price-book/:version',
	'DELETE /api/v1/admin/service-classes/:name',
	'DELETE /api/v1/admin/users/:id',
	'DELETE /api/v1/me/second-factor',
	'GET /api/v1/admin/users/:id/export',
	'PATCH /api/v1/admin/users/:id',
	'POST /api/v1/admin/node-tokens',
	'POST /api/v1/admin/nodes/:id::revoke',
	'POST /api/v1/admin/price-book',
	'POST /api/v1/admin/queues/:name::purge',
	'POST /api/v1/admin/service-classes/:name::roll-back',
	'POST /api/v1/admin/users',
	'POST /api/v1/admin/users/:id::password-link',
	'POST /api/v1/admin/users/:id::reset-password',
	'POST /api/v1/admin/users/:id::reset-second-factor',
	'POST /api/v1/admin/users::invite',
	'POST /api/v1/me/second-factor',
	'POST /api/v1/me/second-factor::renew-codes',
	'POST /api/v1/tokens',
	'PUT /api/v1/admin/service-classes/:name',
	'PUT /api/v1/admin/settings/second-factor',
	'PUT /api/v1/me/password',
];

/** What no token may do, whatever its scopes: whoever stole one could keep its owner out. */
const SESSION_ONLY: readonly string[] = [
	'DELETE /api/v1/me/second-factor',
	'POST /api/v1/me/second-factor',
	'POST /api/v1/me/second-factor::confirm',
	'POST /api/v1/me/second-factor::renew-codes',
	'PUT /api/v1/me/password',
];

/** What needs another right besides, always or by what is asked for: it writes files or datasets. */
const ALSO_NEEDS: readonly string[] = [
	'POST /api/v1/jobs',
	'POST /api/v1/recipes',
	'POST /api/v1/schedules',
	'POST /api/v1/sources',
	'POST /api/v1/tasks',
	'POST /api/v1/tasks::batch',
	'PUT /api/v1/recipes/:id',
	'PUT /api/v1/schedules/:id',
];

/** Answered to a session that must set up a second factor before anything else; besides what anybody may ask. */
const WHILE_ENROLLING: readonly string[] = [
	'GET /api/v1/me',
	'GET /api/v1/me/second-factor',
	'POST /api/v1/me/second-factor',
	'POST /api/v1/me/second-factor::confirm',
	'POST /api/v1/session::confirm',
];

/** Answers every question about itself with itself: the rooms are not used, only the declarations are read. */
const anything: unknown = new Proxy(() => anything, {
	get: (_, key) => (key === Symbol.toPrimitive ? () => 'anything' : key === 'then' ? undefined : anything),
	apply: () => anything,
});
const routes = httpRoutes(anything as Rooms & Upkeep, anything as Registry);
const nameOf = ({ method, path }: AnyRoute) => `${method} ${path}`;
const rankOf = (role: Role | 'nobody') => (role === 'nobody' ? Number.POSITIVE_INFINITY : ROLES.indexOf(role));

const SCOPES: readonly (TokenScope[] | null)[] = [
	null,
	['admin'],
	['files:read'],
	['files:write'],
	['tasks:read'],
	['tasks:write'],
	['metrics'],
];

describe('the access matrix', () => {
	it('has every route, once, and no other', () => {
		const names = routes.map(nameOf);
		expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
		expect([...names].sort()).toEqual(Object.keys(EXPECTED).sort());
	});

	it('asks sessions for a fresh password where much is done, and lets nothing but enrolment by without a second factor', () => {
		const named = (chosen: (route: AnyRoute) => unknown) => routes.filter(chosen).map(nameOf).sort();
		expect(named(({ fresh }) => fresh)).toEqual([...FRESH]);
		expect(named(({ alsoNeeds }) => alsoNeeds)).toEqual([...ALSO_NEEDS]);
		expect(named(({ sessionOnly }) => sessionOnly)).toEqual([...SESSION_ONLY]);
		expect(named(({ whileEnrolling }) => whileEnrolling)).toEqual([...WHILE_ENROLLING]);
	});

	it('misses no file of routes', async () => {
		const folder = new URL('.', import.meta.url);
		const files = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
		for (const file of files) {
			const found: Record<string, unknown> = await import(new URL(file, folder).href);
			for (const [name, make] of Object.entries(found)) {
				// What files and folders have in common comes in by their own files.
				if (!name.endsWith('Routes') || name === 'entryRoutes') continue;
				for (const route of (make as (rooms: unknown) => AnyRoute[])(anything)) {
					expect(EXPECTED[nameOf(route)], `${nameOf(route)} of ${file}`).toBeDefined();
				}
			}
		}
	});

	it.each(routes.map((route) => [nameOf(route), route] as const))('%s', (name, { access }) => {
		const expected = EXPECTED[name];
		if (expected === ANYBODY || expected === ATTEMPT || expected === undefined) {
			expect(access).toBe(expected === ANYBODY ? 'public' : 'attempt');
			return;
		}
		if (typeof access === 'string') throw new Error(`${name} is open to ${access}`);
		const [own, others, scope] = expected;
		for (const role of ROLES) {
			for (const scopes of SCOPES) {
				for (const ownerSeq of [1, 2, null]) {
					const least = ownerSeq === 1 ? own : others;
					const byScope =
						scopes === null ||
						scope === 'none' ||
						scopes.includes(scope) ||
						(scope === 'metrics' && scopes.includes('admin'));
					const actual = may(testActor(1, { role, scopes }), access.verb, { kind: access.kind, ownerSeq });
					expect(actual, `${role} [${scopes}] on ${ownerSeq}`).toBe(byScope && rankOf(role) >= rankOf(least));
				}
			}
		}
	});
});

describe('kinds that belong to nobody', () => {
	// Their handlers do not ask again, so the gate, which does not know any owner, must not be let through by one's own.
	const ownerless = new Set<ObjectKind>([
		...(['task-type', 'accounting', 'user', 'queue', 'service-class', 'group', 'node', 'node-token'] as const),
		...(['audit', 'health', 'settings', 'oversight'] as const),
	]);

	it.each([...ownerless])('%s: owning makes no difference', (kind) => {
		for (const verb of VERBS) {
			for (const role of ROLES) {
				const actor = testActor(1, { role });
				const others = may(actor, verb, { kind, ownerSeq: null });
				expect(may(actor, verb, { kind, ownerSeq: 1 }), `${role} ${verb}`).toBe(others);
			}
		}
	});

	it('are every kind below /admin, so that no handler there has to ask', () => {
		for (const { path, access } of routes) {
			if (!path.startsWith('/api/v1/admin/')) continue;
			expect(typeof access === 'object' && ownerless.has(access.kind), path).toBe(true);
		}
	});
});

describe('at the door itself', () => {
	it('each route lets in whom the matrix says, before it reads anything', async () => {
		const bare = routes.map(({ method, path, access, tag, summary }) => ({
			method,
			path,
			access,
			tag,
			summary,
			answers: { 204: null },
			handler: async () => undefined,
		}));
		await using stage = await new DoorStage().start({ routes: bare, mounts: [] });
		const call = async ({ method, path }: AnyRoute, headers?: Record<string, string>) => {
			const address = path.replaceAll('::', '\n').replace(/:\w+/g, 'x').replace('*', 'x').replaceAll('\n', ':');
			return (await stage.call(method, address, headers)).status;
		};
		for (const route of routes) {
			const expected = EXPECTED[nameOf(route)];
			const isOpen = expected === ANYBODY || expected === ATTEMPT || expected === undefined;
			expect(await call(route, {}), `nobody: ${nameOf(route)}`).toBe(isOpen ? 204 : 401);
			for (const role of ROLES) {
				stage.actor = testActor(1, { role });
				const least = isOpen ? 'user' : expected[0];
				const status = rankOf(role) >= rankOf(least) ? 204 : 403;
				expect(await call(route), `${role}: ${nameOf(route)}`).toBe(status);
			}
			stage.actor = testActor(1, { role: 'administrator', scopes: [] });
			expect(await call(route), `no scope: ${nameOf(route)}`).toBe(isOpen || expected[2] === 'none' ? 204 : 403);
		}
	});
});
