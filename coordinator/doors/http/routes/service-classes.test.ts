import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { effectivePolicySchema } from '../../../../shared/protocol/policy.ts';
import { serviceClassVersionSchema, serviceClassViewSchema } from '../../../../shared/protocol/service-class.ts';
import { serveRoutes } from '../../../../test/support/bare-routes.ts';
import { QosRoom } from '../../../../test/support/qos-room.ts';
import { PolicyReader } from '../../../qos/policy-reader.ts';
import type { TaskReader } from '../../../queue/task-reader.ts';
import { groupRoutes } from './groups.ts';
import { policyRoutes } from './policies.ts';
import { serviceClassRoutes } from './service-classes.ts';

let room: QosRoom;
let server: FastifyInstance;
let url: string;

beforeEach(async () => {
	room = await QosRoom.open();
	const { classes: serviceClasses, groups, policies } = room;
	const policyReader = new PolicyReader({ policies, userSeqOf: async (id) => room.seqOf(id) });
	const reader = undefined as unknown as TaskReader;
	const routes = [
		...serviceClassRoutes({ serviceClasses }),
		...groupRoutes({ groups }),
		...policyRoutes({ policyReader, reader }),
	];
	({ url, server } = await serveRoutes(routes));
});
afterEach(async () => {
	server.server.closeAllConnections();
	await server.close();
	await room[Symbol.asyncDispose]();
});

const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
	const answer = await fetch(`${url}/api/v1${path}`, {
		method,
		headers: {
			'x-role': 'administrator',
			'x-user': '1',
			...(body === undefined ? {} : { 'content-type': 'application/json' }),
			...headers,
		},
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	const text = await answer.text();
	return { status: answer.status, etag: answer.headers.get('etag'), json: text === '' ? null : JSON.parse(text) };
};
const CLASSES = '/admin/service-classes';

describe('service classes', () => {
	test('are made and replaced by the contract’s words', async () => {
		const words = {
			band: 7,
			weight: 2,
			caps: { running: 2, queued: 50 },
			idleOnly: false,
			allowedQueues: ['priority'],
		};
		const made = await call('PUT', `${CLASSES}/gold`, words);
		expect(made).toMatchObject({
			status: 201,
			etag: '"1"',
			json: { ...words, name: 'gold', version: 1, warnings: [] },
		});
		expect(serviceClassViewSchema.parse(made.json)).toEqual(made.json);
		expect(await call('PUT', `${CLASSES}/gold?reason=more`, { band: 8 })).toMatchObject({ status: 200, etag: '"2"' });
		expect(await call('GET', `${CLASSES}/gold`)).toMatchObject({
			status: 200,
			etag: '"2"',
			json: { band: 8, weight: 1 },
		});
		const { json } = await call('GET', CLASSES);
		expect(json).toMatchObject({ nextCursor: null });
		expect(json.items.map(({ name }: { name: string }) => name)).toContain('gold');
	});

	test('keep conditions', async () => {
		const once = { 'if-none-match': '*' };
		expect((await call('PUT', `${CLASSES}/gold`, { band: 1 }, once)).status).toBe(201);
		expect((await call('PUT', `${CLASSES}/gold`, { band: 2 }, once)).json.code).toBe('precondition-failed');
		expect((await call('PUT', `${CLASSES}/gold`, { band: 2 }, { 'if-match': '"1"' })).status).toBe(200);
		const late = await call('PUT', `${CLASSES}/gold`, { band: 3 }, { 'if-match': '"1"' });
		expect(late).toMatchObject({ status: 412, json: { code: 'precondition-failed' } });
		expect(late.json.detail).toMatch(/version 2 is there now/);
		expect((await call('PUT', `${CLASSES}/gold`, { band: 3 }, { 'if-match': 'x' })).json.code).toBe('bad-request');
		expect((await call('DELETE', `${CLASSES}/gold`, undefined, { 'if-match': '"1"' })).status).toBe(412);
	});

	test('have a history, go back in it, and are deleted', async () => {
		await call('PUT', `${CLASSES}/gold?reason=first`, { band: 7 });
		await call('PUT', `${CLASSES}/gold`, { band: 8 });
		const back = await call('POST', `${CLASSES}/gold:roll-back`, { version: 1 });
		expect(back).toMatchObject({ status: 200, etag: '"3"', json: { band: 7 } });
		const { json } = await call('GET', `${CLASSES}/gold/versions`);
		expect(json.items.map(({ version, reason, actor }: never) => [version, reason, actor])).toEqual([
			[3, 'back to version 1', 'usr_1'],
			[2, '', 'usr_1'],
			[1, 'first', 'usr_1'],
		]);
		for (const item of json.items) expect(serviceClassVersionSchema.parse(item)).toEqual(item);
		expect((await call('DELETE', `${CLASSES}/gold`)).status).toBe(204);
		expect((await call('GET', `${CLASSES}/gold`)).status).toBe(404);
		expect((await call('DELETE', `${CLASSES}/standard`)).json.code).toBe('class-in-use');
		expect((await call('POST', `${CLASSES}/gold:roll-back`, { version: 99 })).json.code).toBe('not-found');
	});

	test('are told with what looks like a mistake', async () => {
		const { status, json } = await call('PUT', `${CLASSES}/gold`, {
			allowedQueues: ['nowhere'],
			idleOnly: true,
			band: 9,
		});
		expect(status).toBe(201);
		expect(json.warnings).toHaveLength(2);
	});

	test.each([
		['PUT', `${CLASSES}/gold`, { band: 99 }],
		['PUT', `${CLASSES}/gold`, { caps: { running: 0 } }],
		['PUT', `${CLASSES}/gold`, { caps: { running: 1, runningPerUser: 2 } }],
		['PUT', `${CLASSES}/gold`, { weight: -1 }],
		['PUT', `${CLASSES}/gold`, { name: 'gold' }],
		['PUT', `${CLASSES}/Not%20a%20name`, {}],
		['PUT', `${CLASSES}/standard`, { validUntil: '2030-01-01T00:00:00Z' }],
		['POST', `${CLASSES}/standard:roll-back`, { version: 0 }],
		['POST', '/admin/groups', { name: '' }],
		['POST', '/admin/groups', { name: 'x', parent: 'nobody' }],
	])('%s %s %j is not valid', async (method, path, body) => {
		expect((await call(method, path, body)).json.code).toBe('invalid');
	});

	test('are read by operators and changed by administrators', async () => {
		const as = (role: string) => ({ 'x-role': role });
		expect((await call('GET', CLASSES, undefined, as('operator'))).status).toBe(200);
		expect((await call('PUT', `${CLASSES}/gold`, {}, as('operator'))).json.code).toBe('forbidden');
		expect((await call('GET', CLASSES, undefined, as('user'))).json.code).toBe('forbidden');
		expect((await call('POST', '/admin/groups', { name: 'x' }, as('operator'))).json.code).toBe('forbidden');
	});
});

describe('groups', () => {
	test('are made, changed, filled, emptied and deleted', async () => {
		const user = room.user(1);
		const made = await call('POST', '/admin/groups', { name: 'lab', serviceClass: 'priority' });
		expect(made).toMatchObject({ status: 201, etag: '"1"', json: { name: 'lab', parent: null, members: 0 } });
		const path = `/admin/groups/${made.json.id}`;
		expect((await call('PUT', `${path}/members/${user}`)).status).toBe(204);
		expect(room.classOf(1)).toBe('priority');
		expect((await call('GET', `${path}/members`)).json.items).toEqual([{ id: user, username: 'u1' }]);
		expect(await call('PATCH', path, { serviceClass: null })).toMatchObject({ status: 200, etag: '"2"' });
		expect((await call('PATCH', path, { parent: made.json.id })).json.code).toBe('group-cycle');
		expect((await call('PATCH', path, { name: 'x' }, { 'if-match': '"1"' })).status).toBe(412);
		expect(room.classOf(1)).toBe('standard');
		expect((await call('GET', path)).json).toMatchObject({ members: 1, serviceClass: null });
		expect((await call('DELETE', `${path}/members/${user}`)).status).toBe(204);
		expect((await call('DELETE', path)).status).toBe(204);
		expect((await call('GET', '/admin/groups')).json.items).toEqual([]);
	});
});

test('policies are told of others to operators, and of oneself to everybody', async () => {
	const user = room.user(1);
	await room.give(1, 'priority');
	const theirs = await call('GET', `/admin/users/${user}/policy`, undefined, { 'x-role': 'operator' });
	expect(theirs.json).toMatchObject({ serviceClass: 'priority', because: 'given to the person' });
	expect(effectivePolicySchema.parse(theirs.json)).toEqual(theirs.json);
	expect((await call('GET', '/me/policy', undefined, { 'x-role': 'user' })).json).toEqual(theirs.json);
	expect((await call('GET', `/admin/users/usr_${'z'.repeat(26)}/policy`)).json.code).toBe('not-found');
	expect((await call('GET', `/admin/users/${user}/policy`, undefined, { 'x-role': 'user' })).json.code).toBe(
		'forbidden',
	);
});
