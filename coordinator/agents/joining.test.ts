import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { SYSTEM } from '../audit/doer.ts';
import { readOperation } from '../database/operation.ts';
import { Joining } from './joining.ts';
import { steerNode } from './node-act-store.ts';
import { type NodeRow, readNodes } from './node-store.ts';
import { NodeTokens } from './node-tokens.ts';
import { AGENT_OPERATIONS } from './operations.ts';

const readAudit = readOperation('test.audit', (db) => {
	const select = db.prepare('SELECT action, actor, object, outcome, detail FROM audit_log ORDER BY seq');
	return (_: null) =>
		select.all() as { action: string; actor: string; object: string; outcome: string; detail: string }[];
});
const dump = readOperation('test.tokens', (db) => {
	const select = db.prepare('SELECT * FROM node_tokens');
	return (_: null) => select.all() as { hash: Buffer }[];
});

const newKey = () => randomBytes(32).toString('base64url');

describe('Joining', () => {
	let folder: TempFolder;
	let ledger: TestLedger;
	let tokens: NodeTokens;
	let joining: Joining;
	let joined: NodeRow[];

	const open = () =>
		new TestLedger({
			file: join(folder.path, 'ledger.db'),
			operations: [...AGENT_OPERATIONS, readAudit, dump],
		});
	const token = async (wish: Parameters<NodeTokens['create']>[0] = {}) => (await tokens.create(wish, SYSTEM)).token;
	const nodes = () => ledger.read(readNodes, null);

	beforeEach(() => {
		folder = new TempFolder();
		ledger = open();
		tokens = new NodeTokens({ ledger });
		joined = [];
		joining = new Joining({ ledger, onJoined: (row) => joined.push(row) });
	});
	afterEach(async () => {
		vi.useRealTimers();
		await ledger[Symbol.asyncDispose]();
		await folder[Symbol.asyncDispose]();
	});

	test('makes a node that has the queues of its token', async () => {
		const key = newKey();
		const answer = await joining.join(
			{ token: await token({ queues: ['hardware', 'hardware', 'normal'] }), name: 'lab-1', publicKey: key },
			'10.0.0.7',
		);
		const [node] = await nodes();
		expect(answer).toEqual({ node: node?.id, name: 'lab-1' });
		expect(node?.allowedQueues).toEqual(['hardware', 'normal']);
		expect(Buffer.from(node?.publicKey ?? []).toString('base64url')).toBe(key);
		expect(joined.map(({ id }) => id)).toEqual([answer.node]);
		const entry = (await ledger.read(readAudit, null)).at(-1);
		expect(entry).toMatchObject({ action: 'node.join', actor: answer.node, outcome: 'done' });
	});

	test('takes a token as often as it has uses, and audits whoever comes after', async () => {
		const shared = await token({ uses: 3 });
		const outcomes = await Promise.allSettled(
			Array.from({ length: 8 }, (_, i) => joining.join({ token: shared, name: `n${i}`, publicKey: newKey() }, '')),
		);
		expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
		for (const outcome of outcomes) {
			if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'node-token-invalid' });
		}
		expect(await nodes()).toHaveLength(3);
		expect((await ledger.read(readAudit, null)).filter(({ outcome }) => outcome === 'refused')).toHaveLength(5);
		expect(await tokens.list({ after: null, limit: 10 })).toEqual([]);
	});

	test('spends one use once, also when two processes have the ledger open', async () => {
		await using other = open();
		const made = (await new NodeTokens({ ledger: other }).create({}, SYSTEM)).token;
		const beside = new Joining({ ledger: other, onJoined: () => {} });
		const outcomes = await Promise.allSettled([
			joining.join({ token: made, name: 'a', publicKey: newKey() }, ''),
			beside.join({ token: made, name: 'b', publicKey: newKey() }, ''),
		]);
		expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
	});

	test('answers a repeat of the same key, name and token with the same node and spends nothing', async () => {
		const twice = await token({ uses: 2 });
		const wish = { token: twice, name: 'lab-1', publicKey: newKey() };
		const first = await joining.join(wish, '');
		expect(await joining.join(wish, '')).toEqual(first);
		expect(await nodes()).toHaveLength(1);
		expect((await tokens.list({ after: null, limit: 10 }))[0]?.usesLeft).toBe(1);
		const once = { token: await token(), name: 'lab-2', publicKey: newKey() };
		const only = await joining.join(once, '');
		expect(await joining.join(once, '')).toEqual(only);
	});

	test('does not give a known key another name or another token', async () => {
		const wish = { token: await token({ uses: 5 }), name: 'lab-1', publicKey: newKey() };
		await joining.join(wish, '');
		await expect(joining.join({ ...wish, name: 'lab-2' }, '')).rejects.toMatchObject({ code: 'conflict' });
		await expect(joining.join({ ...wish, token: await token() }, '')).rejects.toMatchObject({ code: 'conflict' });
		expect(await nodes()).toHaveLength(1);
	});

	test('refuses a name that another key has, until that node is revoked', async () => {
		const shared = await token({ uses: 5 });
		const old = { token: shared, name: 'lab-1', publicKey: newKey() };
		const { node } = await joining.join(old, '');
		const fresh = { token: shared, name: 'lab-1', publicKey: newKey() };
		await expect(joining.join(fresh, '')).rejects.toMatchObject({ code: 'name-taken' });
		const nothing = { reason: null, until: null, concurrency: null, policy: null, labels: null, audit: null };
		await ledger.write(steerNode, { ...nothing, id: node, act: 'revoke', now: Date.now(), by: 'system', actId: '' });
		const next = await joining.join(fresh, '');
		expect(next.node).not.toBe(node);
		await expect(joining.join(old, '')).rejects.toMatchObject({ code: 'node-revoked' });
		// The refused tries cost no use.
		expect((await tokens.list({ after: null, limit: 10 }))[0]?.usesLeft).toBe(3);
	});

	test('refuses a token that has expired, is deleted or was never made', async () => {
		vi.useFakeTimers({ toFake: ['Date'] });
		const wish = async (text: string) => joining.join({ token: text, name: 'n', publicKey: newKey() }, '');
		const made = await tokens.create({ expiresInMs: 60_000 }, SYSTEM);
		vi.setSystemTime(Date.now() + 60_000);
		await expect(wish(made.token)).rejects.toMatchObject({ code: 'node-token-invalid' });
		const deleted = await tokens.create({}, SYSTEM);
		await tokens.delete(deleted.id, SYSTEM);
		await expect(wish(deleted.token)).rejects.toMatchObject({ code: 'node-token-invalid' });
		await expect(tokens.delete(deleted.id, SYSTEM)).rejects.toMatchObject({ code: 'not-found' });
		const before = (await ledger.read(readAudit, null)).length;
		await expect(wish('mnt_guessed')).rejects.toMatchObject({ code: 'node-token-invalid' });
		// A guess does not even reach the writer.
		expect(await ledger.read(readAudit, null)).toHaveLength(before);
		expect(await nodes()).toEqual([]);
	});

	test('keeps no secret in the ledger but for its end, by which people know it again', async () => {
		const secret = await token();
		expect(await tokens.list({ after: null, limit: 10 })).toMatchObject([{ ending: secret.slice(-4) }]);
		expect(JSON.stringify(await ledger.read(dump, null))).not.toContain(secret.slice(-5));
		expect(secret).toMatch(/^mnt_[\w-]{43}$/);
		expect(JSON.stringify(await ledger.read(dump, null))).not.toContain(secret.slice(4));
		expect(JSON.stringify(await ledger.read(readAudit, null))).not.toContain(secret.slice(4));
	});

	test.each([
		[{ uses: 0 }],
		[{ uses: 1.5 }],
		[{ uses: 1_001 }],
		[{ expiresInMs: 24 * 3_600_000 + 1 }],
		[{ expiresInMs: 0 }],
		[{ expiresInMs: Number.NaN }],
		[{ queues: [] }],
	])('does not make a token of %j', async (wish) => {
		await expect(tokens.create(wish, SYSTEM)).rejects.toMatchObject({ code: 'invalid' });
		expect(await ledger.read(dump, null)).toEqual([]);
	});

	test('lists tokens page by page', async () => {
		const ids = [];
		for (let i = 0; i < 3; i++) ids.push((await tokens.create({}, SYSTEM)).id);
		ids.sort();
		const first = await tokens.list({ after: null, limit: 2 });
		const second = await tokens.list({ after: first.at(-1)?.id ?? null, limit: 2 });
		expect([...first, ...second].map(({ id }) => id)).toEqual(ids);
	});
});
