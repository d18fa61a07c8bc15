import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BUILT_IN_TASK_TYPES } from '../../../../shared/protocol/built-in-task-types.ts';
import { testActor } from '../../../../test/support/bare-routes.ts';
import { BY_TOKEN, DoorStage, JSON_TYPE } from '../../../../test/support/door-stage.ts';
import { TempFolder } from '../../../../test/support/temp-folder.ts';
import { TestLedger } from '../../../../test/support/test-ledger.ts';
import { AuditLog } from '../../../audit/audit-log.ts';
import { AUDIT_OPERATIONS } from '../../../audit/operations.ts';
import { TASK_TYPE_OPERATIONS } from '../../../queue/task-type-store.ts';
import { TaskTypes } from '../../../queue/task-types.ts';
import { taskTypeRoutes } from './task-types.ts';

let folder: TempFolder;
let ledger: TestLedger;
let types: TaskTypes;
let stage: DoorStage;

beforeEach(async () => {
	folder = new TempFolder();
	ledger = new TestLedger({
		file: folder.join('ledger.db'),
		operations: [...TASK_TYPE_OPERATIONS, ...AUDIT_OPERATIONS],
	});
	types = await TaskTypes.load(ledger, BUILT_IN_TASK_TYPES);
	stage = await new DoorStage().start({ routes: taskTypeRoutes({ types }), mounts: [] });
	stage.actor = testActor(1, { role: 'administrator' });
});
afterEach(async () => {
	await stage[Symbol.asyncDispose]();
	await ledger[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

const call = async (method: string, path: string, body?: unknown) => {
	const text = body === undefined || typeof body === 'string' ? (body ?? null) : JSON.stringify(body);
	const headers = text === null ? BY_TOKEN : { ...BY_TOKEN, ...JSON_TYPE };
	const { status, json } = await stage.call(method, `/api/v1${path}`, headers, text);
	return { status, json };
};
const ADMIN = '/admin/task-types';

const resize = (more: object = {}) => ({
	name: 'shrink',
	title: 'Shrink',
	routingKey: 'normal.shrink',
	command: ['sh', './run.sh'],
	parameters: { type: 'object', properties: { width: { type: 'integer', minimum: 1, default: 120 } } },
	...more,
});
const names = async () => (await call('GET', '/task-types')).json.items.map(({ name }: { name: string }) => name);
const actions = async () =>
	(await new AuditLog({ ledger }).list({}, { limit: 10 })).items.map(({ action, object }) => `${action} ${object}`);

describe('installing', () => {
	test('a manifest is offered at once, a changed one is its next version, the same one changes nothing', async () => {
		expect(await call('POST', ADMIN, resize())).toEqual({ status: 201, json: { name: 'shrink', version: 1 } });
		expect(await names()).toContain('shrink');
		expect((await call('POST', ADMIN, resize())).json.version).toBe(1);
		expect((await call('POST', ADMIN, resize({ title: 'Shrink it' }))).json.version).toBe(2);
		expect((await call('GET', '/task-types/shrink')).json).toMatchObject({ version: 2, title: 'Shrink it' });
		expect((await call('GET', '/task-types/shrink?version=1')).json).toMatchObject({ version: 1, title: 'Shrink' });
		expect((await call('GET', '/task-types/shrink?version=3')).status).toBe(404);
		expect((await call('GET', '/task-types/nowhere')).status).toBe(404);
		expect(await actions()).toEqual(['task-type.install shrink', 'task-type.install shrink']);
	});

	test('what was installed is there after a restart, and what was retired is not', async () => {
		await call('POST', ADMIN, resize());
		await call('POST', ADMIN, resize({ name: 'grow' }));
		await call('DELETE', `${ADMIN}/grow`);
		const again = await TaskTypes.load(ledger, BUILT_IN_TASK_TYPES);
		expect(again.list().map(({ name }) => name)).toEqual([...BUILT_IN_TASK_TYPES.map(({ name }) => name), 'shrink']);
	});

	test('a built-in type that comes later takes the name back', async () => {
		await call('POST', ADMIN, resize());
		const [first] = BUILT_IN_TASK_TYPES;
		if (!first) throw new Error('there is no built-in type');
		const again = await TaskTypes.load(ledger, [{ ...first, name: 'shrink' }]);
		expect(again.newest('shrink')?.manifest).toMatchObject({ version: 2, title: first.title });
		await expect(async () => again.check({ ...first, name: 'shrink' })).rejects.toMatchObject({ code: 'name-taken' });
	});
});

describe('retiring', () => {
	test('new tasks find it no more, those there are keep it, and installing it again brings it back', async () => {
		await call('POST', ADMIN, resize());
		const seq = types.newest('shrink')?.seq as number;
		expect((await call('DELETE', `${ADMIN}/shrink`)).status).toBe(204);
		expect(types.newest('shrink')).toBeUndefined();
		expect(types.bySeq(seq).name).toBe('shrink');
		expect((await call('GET', '/task-types/shrink')).status).toBe(404);
		expect((await call('GET', '/task-types/shrink?version=1')).status).toBe(200);
		expect((await call('DELETE', `${ADMIN}/shrink`)).status).toBe(404);
		expect((await call('POST', ADMIN, resize())).json).toEqual({ name: 'shrink', version: 1 });
		expect(types.newest('shrink')?.seq).toBe(seq);
		expect(await actions()).toEqual([
			'task-type.install shrink',
			'task-type.retire shrink',
			'task-type.install shrink',
		]);
	});

	test('a type that recipes or schedules use stays, unless by force', async () => {
		await call('POST', ADMIN, resize());
		const db = new Database(folder.join('ledger.db'));
		const used = JSON.stringify({ steps: [{ type: 'md5' }, { type: 'shrink' }] });
		db.exec(`INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at)
			VALUES (1, 'usr_1', 'a', 'a', 'x', 'user', 0)`);
		const recipe =
			db.prepare(`INSERT INTO recipes (id, owner_seq, name, name_key, version, body, created_at, updated_at)
			VALUES (?, 1, ?, ?, 1, ?, 0, 0)`);
		recipe.run('rcp_1', 'one', 'one', used);
		recipe.run('rcp_2', 'two', 'two', JSON.stringify({ steps: [{ type: 'md5', parameters: { type: 'shrink' } }] }));
		db.close();
		const refused = await call('DELETE', `${ADMIN}/shrink`);
		expect([refused.status, refused.json.code]).toEqual([409, 'wrong-state']);
		expect(refused.json.detail).toContain('recipes (1) and schedules (0)');
		expect(types.newest('shrink')).toBeDefined();
		expect(await actions()).toEqual(['task-type.install shrink']);
		expect((await call('DELETE', `${ADMIN}/shrink?force=true`)).status).toBe(204);
		expect(types.newest('shrink')).toBeUndefined();
	});

	test('a built-in type stays', async () => {
		expect(await call('DELETE', `${ADMIN}/md5`)).toMatchObject({ status: 409, json: { code: 'wrong-state' } });
		expect(await names()).toContain('md5');
	});
});

const deep = `{"name":"shrink","parameters":${'{"a":'.repeat(200)}1${'}'.repeat(200)}}`;

test.each([
	['a built-in name', resize({ name: 'md5' }), 409, undefined],
	['the name of a kind of usage', resize({ name: 'upload' }), 422, 'name'],
	['no program', resize({ command: undefined }), 422, 'command'],
	['an unknown field', resize({ colour: 'red' }), 422, 'colour'],
	[
		'a default that does not fit',
		resize({ parameters: withWidth({ type: 'integer', maximum: 9, default: 10 }) }),
		422,
		'parameters.properties.width.default',
	],
	[
		'a keyword that is none',
		resize({ parameters: withWidth({ type: 'integer', minimun: 1 }) }),
		422,
		'parameters.properties.width.minimun',
	],
	[
		'a pattern for long texts',
		resize({ parameters: withWidth({ type: 'string', pattern: 'a' }) }),
		422,
		'parameters.properties.width.pattern',
	],
	[
		'a parameter’s name that is none',
		resize({ parameters: { type: 'object', properties: { Width: {} } } }),
		422,
		'parameters.properties.Width',
	],
	['secrets', resize({ secrets: [{ slot: 'token', title: 'Token' }] }), 422, 'secrets'],
	['a network', resize({ network: 'guarded' }), 422, 'network'],
	['more inputs at least than at most', resize({ inputs: { min: 2, max: 1 } }), 422, 'inputs.min'],
	['a key that reaches nothing', resize({ routingKey: 'a b' }), 422, 'routingKey'],
	['a soft limit above the hard one', resize({ limits: { softMs: 20, hardMs: 10 } }), 422, 'limits.softMs'],
])('a manifest with %s is refused with the field, and so it is checked', async (_what, manifest, status, path) => {
	const code = status === 409 ? 'name-taken' : 'manifest-invalid';
	for (const at of [ADMIN, `${ADMIN}:check`]) {
		const { status: told, json } = await call('POST', at, manifest);
		expect([told, json.code]).toEqual([status, code]);
		if (path !== undefined) expect(json.fields).toContainEqual({ path, message: expect.any(String) });
	}
	expect(await names()).not.toContain('shrink');
	expect(await actions()).toEqual([]);
});

function withWidth(width: object) {
	return { type: 'object', properties: { width } };
}

test('garbage, depth and size are refused before anything is looked at', async () => {
	expect((await call('POST', ADMIN, '{')).status).toBe(400);
	expect([400, 422]).toContain((await call('POST', ADMIN, deep)).status);
	expect((await call('POST', ADMIN, resize({ description: 'x'.repeat(70_000) }))).status).toBe(413);
});

test('checking answers the manifest with its defaults, and installs nothing', async () => {
	const { status, json } = await call('POST', `${ADMIN}:check`, resize());
	expect([status, json.retry.maxFailures]).toEqual([200, 3]);
	expect(await names()).not.toContain('shrink');
});
