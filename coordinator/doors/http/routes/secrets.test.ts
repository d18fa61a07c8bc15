import Database from 'better-sqlite3';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { serveRoutes } from '../../../../test/support/bare-routes.ts';
import { TempFolder } from '../../../../test/support/temp-folder.ts';
import { TestLedger } from '../../../../test/support/test-ledger.ts';
import type { Lease } from '../../../queue/open-task.ts';
import { SECRET_OPERATIONS } from '../../../secrets/secret-store.ts';
import { Secrets } from '../../../secrets/secrets.ts';
import { agentSecretRoutes } from './agent-secrets.ts';
import { secretRoutes } from './secrets.ts';

const TASK = `tsk_${'0'.repeat(26)}`;
const TOKEN = 'a'.repeat(32);
let folder: TempFolder;
let ledger: TestLedger;
let url: string;
let server: FastifyInstance;
let lease: Lease | undefined;
let trusted: boolean;

beforeEach(async () => {
	folder = new TempFolder();
	ledger = new TestLedger({ file: folder.join('ledger.db'), operations: [...SECRET_OPERATIONS] });
	const db = new Database(folder.join('ledger.db'));
	db.exec(`INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at)
		VALUES (1, 'usr_1', 'ada', 'ada', 'x', 'user', 1), (2, 'usr_2', 'bob', 'bob', 'x', 'user', 1)`);
	db.close();
	const logger = pino({ level: 'silent' });
	const secrets = await Secrets.open({ ledger, keyFile: folder.join('secret.key'), logger });
	trusted = true;
	const queue = {
		liveAttempt: ({ task, attempt, token }: { task: string; attempt: number; token: string }) =>
			lease && lease.id === task && lease.attempt === attempt && lease.token === token ? lease : undefined,
	};
	const agents = { nodes: { isTrusted: () => trusted } } as unknown as Parameters<
		typeof agentSecretRoutes
	>[0]['agents'];
	({ url, server } = await serveRoutes([
		...secretRoutes({ secrets }),
		...agentSecretRoutes({ secrets, queue, agents }),
	]));
});
afterEach(async () => {
	server.server.closeAllConnections();
	await server.close();
	await ledger[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

const call = async (method: string, path: string, headers: Record<string, string>, body?: unknown) => {
	const json = body === undefined ? {} : { 'content-type': 'application/json' };
	const answer = await fetch(url + path, {
		method,
		headers: { ...headers, ...json },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	const text = await answer.text();
	return { status: answer.status, text, json: text === '' ? null : JSON.parse(text), etag: answer.headers.get('etag') };
};
const ADA = { 'x-user': '1' };
const BOB = { 'x-user': '2' };
const make = async () => (await call('POST', '/api/v1/secrets', ADA, { name: 'x', value: 'canary' })).json.id as string;

it('takes a secret, shows its name to its owner, its value to nobody, and nothing to others', async () => {
	const made = await call('POST', '/api/v1/secrets', ADA, { name: 'Token of X', value: 'canary' });
	expect(made).toMatchObject({ status: 201, etag: '"1"', json: { name: 'Token of X', version: 1 } });
	const listed = await call('GET', '/api/v1/secrets', ADA);
	expect(listed.json.items).toEqual([made.json]);
	expect(`${made.text}${listed.text}`).not.toContain('canary');
	expect((await call('GET', '/api/v1/secrets', BOB)).json.items).toEqual([]);
	const { id } = made.json;
	expect((await call('PUT', `/api/v1/secrets/${id}`, BOB, { value: 'y' })).json.code).toBe('not-found');
	expect((await call('DELETE', `/api/v1/secrets/${id}`, BOB)).json.code).toBe('not-found');
	const stale = await call('PUT', `/api/v1/secrets/${id}`, { ...ADA, 'if-match': '"7"' }, { value: 'y' });
	expect(stale.json.code).toBe('precondition-failed');
	expect((await call('PUT', `/api/v1/secrets/${id}`, ADA, { value: 'y' })).etag).toBe('"2"');
	expect((await call('DELETE', `/api/v1/secrets/${id}`, { ...ADA, 'if-match': '"2"' })).status).toBe(204);
});

it('gives it to the live attempt of a task that names it, and to no other', async () => {
	const id = await make();
	const leased = (given: unknown, owner = 1): Lease =>
		({
			...{ id: TASK, attempt: 2, token: TOKEN, node: 'nod_1' },
			task: { owner, payload: { given: given === null ? null : JSON.stringify(given) } },
		}) as unknown as Lease;
	const ask = (slot: string, attempt = 2, token = TOKEN) =>
		call('GET', `/api/v1/agent/attempts/${TASK}/${attempt}/secrets/${slot}`, { authorization: `Attempt ${token}` });

	lease = leased({ secrets: { bearerToken: id } });
	expect(await ask('bearerToken')).toMatchObject({ status: 200, json: { value: 'canary' } });
	expect((await ask('other')).json.code).toBe('forbidden');
	expect((await ask('bearerToken', 1)).json.code).toBe('stale-attempt');
	expect((await ask('bearerToken', 2, 'b'.repeat(32))).json.code).toBe('stale-attempt');
	expect((await call('GET', `/api/v1/agent/attempts/${TASK}/2/secrets/bearerToken`, ADA)).json.code).toBe(
		'unauthenticated',
	);
	// Another task, which was given none, or whose owner it is not.
	lease = leased(null);
	expect((await ask('bearerToken')).json.code).toBe('forbidden');
	lease = leased({ secrets: { bearerToken: id } }, 2);
	expect((await ask('bearerToken')).json.code).toBe('secret-missing');
	lease = leased({ secrets: { bearerToken: id } });
	trusted = false;
	expect((await ask('bearerToken')).json.code).toBe('node-revoked');
	lease = undefined;
	expect((await ask('bearerToken')).json.code).toBe('stale-attempt');
});
