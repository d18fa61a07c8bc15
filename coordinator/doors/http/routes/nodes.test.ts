import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LinkKeyExchange } from '../../../../shared/link-key/link-key.ts';
import { nodeViewSchema } from '../../../../shared/protocol/node.ts';
import { serveRoutes } from '../../../../test/support/bare-routes.ts';
import { TempFolder } from '../../../../test/support/temp-folder.ts';
import { TestLedger } from '../../../../test/support/test-ledger.ts';
import { TestNode } from '../../../../test/support/test-node.ts';
import { readAct } from '../../../acts/act-store.ts';
import { Agents } from '../../../agents/agents.ts';
import type { NodeEvents } from '../../../agents/node-events.ts';
import { AGENT_OPERATIONS } from '../../../agents/operations.ts';
import { SYSTEM } from '../../../audit/doer.ts';
import { Announcer } from '../../../report/announcer.ts';
import { nodeTokenRoutes } from './node-tokens.ts';
import { nodeRoutes } from './nodes.ts';

let folder: TempFolder;
let ledger: TestLedger;
let agents: Agents;
let server: FastifyInstance;
let url: string;

beforeEach(async () => {
	folder = new TempFolder();
	ledger = new TestLedger({ file: folder.join('ledger.db'), operations: [...AGENT_OPERATIONS, readAct] });
	agents = await Agents.open({
		ledger,
		queue: {
			connectNode: () => [],
			changeNode() {},
			disconnectNode() {},
			heartbeat: () => [],
			runningOn: () => 0,
			slotsInUse: () => 0,
			workOn: () => ({}),
		},
		announcer: new Announcer<NodeEvents>(() => {}),
		logger: pino({ level: 'silent' }),
	});
	({ url, server } = await serveRoutes([...nodeRoutes({ agents }), ...nodeTokenRoutes({ agents })]));
});
afterEach(async () => {
	server.server.closeAllConnections();
	await server.close();
	await agents[Symbol.asyncDispose]();
	await ledger[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

const call = async (method: string, path: string, body?: unknown, role = 'administrator') => {
	const answer = await fetch(`${url}/api/v1/admin${path}`, {
		method,
		headers: { 'x-role': role, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	const text = await answer.text();
	return { status: answer.status, json: text === '' ? null : JSON.parse(text) };
};
const join = async (name: string): Promise<TestNode> => {
	const node = new TestNode(name);
	const { token } = await agents.tokens.create({}, SYSTEM);
	node.id = (await agents.joining.join({ token, name, publicKey: node.publicKey }, '')).node;
	return node;
};
const EXCHANGE = new LinkKeyExchange();
const connect = (node: TestNode) =>
	agents.links.connect(node.hello(EXCHANGE.publicKey), EXCHANGE, {
		address: '',
		drain() {},
		configure() {},
		close() {},
	});

describe('nodes', () => {
	test('are shown as the contract has it', async () => {
		const node = await join('lab');
		expect((await call('GET', `/nodes/${node.id}`)).json).toMatchObject({ state: 'offline', capabilities: null });
		connect(node);
		const { status, json } = await call('GET', '/nodes');
		expect(status).toBe(200);
		expect(json).toMatchObject({
			items: [{ id: node.id, name: 'lab', state: 'online', queues: ['normal'] }],
			nextCursor: null,
		});
		expect(nodeViewSchema.parse(json.items[0])).toEqual(json.items[0]);
		expect((await call('GET', '/nodes?cursor=zzz')).json.code).toBe('bad-cursor');
		expect((await call('GET', `/nodes/nod_${'z'.repeat(26)}`)).json.code).toBe('not-found');
		expect((await call('GET', '/nodes/x')).json.code).toBe('invalid');
	});

	test('are steered, each act answered with the node as it is then', async () => {
		const node = await join('lab');
		connect(node);
		const steps: [string, string][] = [
			['cordon', 'cordoned'],
			['uncordon', 'online'],
			['drain', 'draining'],
			['revoke', 'revoked'],
		];
		for (const [act, state] of steps) {
			expect((await call('POST', `/nodes/${node.id}:${act}`)).json).toMatchObject({ id: node.id, state });
		}
		expect((await call('POST', `/nodes/${node.id}:cordon`)).json.code).toBe('wrong-state');
		expect((await call('POST', `/nodes/${node.id}:explode`)).status).toBe(404);
	});

	test('are steered by acts that are kept, and answered with', async () => {
		const node = await join('lab');
		connect(node);
		const kept: string[] = [];
		for (const verb of ['cordon', 'uncordon', 'drain']) {
			const { act } = (await call('POST', `/nodes/${node.id}:${verb}`)).json;
			kept.push((await ledger.read(readAct, act))?.verb ?? '');
		}
		expect(kept).toEqual(['node.cordon', 'node.uncordon', 'node.drain']);
	});

	test('are given another concurrency', async () => {
		const node = await join('lab');
		connect(node);
		expect((await call('PATCH', `/nodes/${node.id}`, { concurrency: 7 })).json).toMatchObject({ concurrency: 7 });
		for (const body of [
			{ concurrency: 0 },
			{ concurrency: 1025 },
			{ concurrency: '7' },
			{},
			{ concurrency: 1, x: 1 },
		]) {
			expect((await call('PATCH', `/nodes/${node.id}`, body)).json.code).toBe('invalid');
		}
	});

	test('are given other labels, until those that they declare count again', async () => {
		const node = await join('lab');
		connect(node);
		const declared = (await call('GET', `/nodes/${node.id}`)).json.labels;
		const path = `/nodes/${node.id}`;
		expect((await call('PATCH', path, { labels: { zone: 'b' } })).json).toMatchObject({ labels: { zone: 'b' } });
		expect((await call('GET', path)).json.declared.labels).toEqual(declared);
		expect((await call('PATCH', path, { labels: null })).json.labels).toEqual(declared);
		for (const labels of [{ '': 'x' }, { 'a b': 'x' }, { a: 1 }, { a: 'x'.repeat(256) }]) {
			expect((await call('PATCH', path, { labels })).json.code).toBe('invalid');
		}
	});

	test('are forgotten once they are gone, and then in no list', async () => {
		const node = await join('lab');
		connect(node);
		expect((await call('DELETE', `/nodes/${node.id}`)).json.code).toBe('wrong-state');
		await call('POST', `/nodes/${node.id}:revoke`);
		const gone = await join('gone');
		expect((await call('DELETE', `/nodes/${gone.id}`, undefined, 'operator')).json.code).toBe('forbidden');
		expect((await call('DELETE', `/nodes/${gone.id}`)).status).toBe(204);
		expect((await call('DELETE', `/nodes/${gone.id}`)).json.code).toBe('not-found');
		expect((await call('GET', `/nodes/${gone.id}`)).json.code).toBe('not-found');
		expect((await call('GET', '/nodes')).json.items).toMatchObject([
			{ id: node.id, joinedBy: expect.stringMatching(/^ntk_/) },
		]);
		expect(agents.nodes.nameOf(gone.id)).toBe('gone');
		expect(connect(gone)).toMatchObject({ ok: false, code: 'node-revoked' });
		// Its name is free, also after a restart.
		expect((await join('gone')).id).not.toBe(gone.id);
	});

	test('are seen and steered by operators, decided on by administrators, hidden from users', async () => {
		const node = await join('lab');
		expect((await call('GET', '/nodes', undefined, 'operator')).status).toBe(200);
		expect((await call('POST', `/nodes/${node.id}:cordon`, undefined, 'operator')).status).toBe(200);
		expect((await call('POST', `/nodes/${node.id}:revoke`, undefined, 'operator')).json.code).toBe('forbidden');
		expect((await call('PATCH', `/nodes/${node.id}`, { concurrency: 7 }, 'operator')).json.code).toBe('forbidden');
		expect((await call('GET', '/nodes', undefined, 'user')).json.code).toBe('forbidden');
		expect((await call('POST', `/nodes/${node.id}:cordon`, undefined, 'user')).json.code).toBe('forbidden');
		expect((await call('POST', '/node-tokens', {}, 'operator')).json.code).toBe('forbidden');
	});
});

describe('node tokens', () => {
	test('are made, listed without their secret, and deleted', async () => {
		const made = await call('POST', '/node-tokens', { queues: ['hardware'], uses: 2, expiresInMs: 60_000 });
		expect(made.status).toBe(201);
		expect(made.json).toMatchObject({ id: expect.stringMatching(/^ntk_/), token: expect.stringMatching(/^mnt_/) });
		await call('POST', '/node-tokens', {});
		const first = await call('GET', '/node-tokens?limit=1');
		const second = await call('GET', `/node-tokens?limit=1&cursor=${first.json.nextCursor}`);
		expect(second.json.nextCursor).toBeNull();
		const items = [...first.json.items, ...second.json.items];
		expect(items.find(({ id }) => id === made.json.id)).toMatchObject({ queues: ['hardware'], usesLeft: 2 });
		expect(JSON.stringify(items)).not.toContain('mnt_');
		expect((await call('DELETE', `/node-tokens/${made.json.id}`)).status).toBe(204);
		expect((await call('DELETE', `/node-tokens/${made.json.id}`)).json.code).toBe('not-found');
		expect((await call('GET', '/node-tokens')).json.items).toHaveLength(1);
	});

	test.each([
		{ uses: 0 },
		{ uses: 1_001 },
		{ expiresInMs: 86_400_001 },
		{ expiresInMs: 999 },
		{ queues: [] },
		{ queues: ['a b'] },
		{ more: 1 },
	])('are not made of %j', async (body) => {
		expect((await call('POST', '/node-tokens', body)).json.code).toBe('invalid');
	});
});
