import { describe, expect, it } from 'vitest';
import { commandLineStage } from '../../test/support/command-line-stage.ts';
import { standInId } from '../../test/support/stand-in-id.ts';

const stage = commandLineStage();

const millrace = (...argv: readonly string[]) => stage.run(argv);

const node = (name: string, fields: object = {}) => ({
	id: standInId('nod'),
	name,
	state: 'online',
	capabilities: {
		cores: 2,
		memoryBytes: 1e9,
		hardware: { 'capture-card': 1 },
		taskTypes: ['noop'],
		agentVersion: '1.2.3',
	},
	queues: ['normal', 'priority'],
	concurrency: 4,
	running: 1,
	metrics: null,
	lastSeenAt: '2026-01-02T03:04:05.000Z',
	future: 'field',
	...fields,
});
type Node = ReturnType<typeof node>;

const ACT = standInId('act');

/** Answers with pages of one node each. */
const serve = (nodes: Node[]): void => {
	stage.server.instead.set('GET /api/v1/admin/nodes', (_request, response, url) => {
		const at = Number(url.searchParams.get('cursor') ?? 0);
		const nextCursor = at + 1 < nodes.length ? String(at + 1) : null;
		stage.server.json(response, 200, { items: nodes.slice(at, at + 1), nextCursor });
	});
	for (const { id } of nodes) {
		for (const act of ['cordon', 'drain', 'revoke']) {
			stage.server.instead.set(`POST /api/v1/admin/nodes/${id}:${act}`, (_request, response) =>
				stage.server.json(response, 200, { ...nodes.find((one) => one.id === id), act: ACT }),
			);
		}
	}
};

describe('nodes', () => {
	it('lists every node of every page with state, slots, queues, agent and when it was last heard of', async () => {
		serve([node('vm-1'), node('vm-2', { state: 'offline', lastSeenAt: null, capabilities: null })]);
		const { stdout, code } = await millrace('nodes');
		expect(code).toBe(0);
		const [head, first, second] = stdout.split('\n');
		expect(head).toMatch(/^NAME +STATE +RUNNING +QUEUES +HARDWARE +AGENT +LAST SEEN$/);
		expect(first).toMatch(/^vm-1 +online +1\/4 +normal,priority +capture-card=1 +1\.2\.3 +2026-01-0/);
		expect(second).toMatch(/^vm-2 +offline .* never$/);
		expect((await millrace('nodes', '--json')).json).toMatchObject({
			items: [{ name: 'vm-1', future: 'field' }, { name: 'vm-2' }],
		});
	});

	it('says why, since when and until when a node takes no work', async () => {
		const [since, until] = ['2026-01-02T03:04:05Z', '2026-01-03T03:04:05Z'];
		serve([node('vm-1', { state: 'cordoned', reason: 'disk is full', by: 'ada', since, until })]);
		expect((await millrace('nodes')).stdout).toMatch(
			/cordoned .*by ada since 2026-01-\S+ \S+; until 2026-01-\S+ \S+; disk is full/,
		);
	});

	it('says what to do when there are none', async () => {
		serve([]);
		const { stdout, stderr } = await millrace('nodes');
		expect(stdout).toBe('');
		expect(stderr).toContain('node-token create');
	});

	it('steers the node of that name that was not revoked', async () => {
		const [old, now] = [node('vm-2', { state: 'revoked' }), node('vm-2')];
		serve([old, now]);
		const ran = await millrace('nodes', 'revoke', 'vm-2');
		expect(ran.code, ran.stderr).toBe(0);
		expect(ran.stdout).toContain('vm-2 may not come back');
		expect(stage.server.requests).toContain(`POST /api/v1/admin/nodes/${now.id}:revoke`);
		expect(stage.server.requests).not.toContain(`POST /api/v1/admin/nodes/${old.id}:revoke`);
		expect((await millrace('nodes', 'drain', now.id, '--json')).json).toEqual({
			id: now.id,
			name: 'vm-2',
			asked: 'drain',
			act: ACT,
		});
		expect((await millrace('nodes', 'cordon', 'vm-2')).stdout).toBe(
			`vm-2 takes no more tasks; what runs goes on.\nUndo: millrace admin acts undo ${ACT}\n`,
		);
	});

	it('tells what runs on one, of every page', async () => {
		const one = node('vm-1');
		serve([one]);
		const attempt = {
			...{
				task: standInId('tsk'),
				attempt: 1,
				type: 'noop',
				owner: standInId('usr'),
				ownerName: null,
				state: 'running',
			},
			...{ since: '2026-01-02T03:04:05.000Z', phase: null, progress: 0.5, slots: 1, cores: 1, memoryBytes: 0 },
			...{ devices: { 'capture-card': 1 }, leaseLeft: 0.9 },
		};
		stage.server.instead.set(`GET /api/v1/admin/nodes/${one.id}/attempts`, (_request, response, url) => {
			const isLast = url.searchParams.has('cursor');
			const items = [isLast ? { ...attempt, attempt: 2, ownerName: 'ada' } : attempt];
			stage.server.json(response, 200, { items, nextCursor: isLast ? null : 'more' });
		});
		const { stdout } = await millrace('node', 'vm-1', '--running');
		const [head, first, second] = stdout.split('\n');
		expect(head).toMatch(/^TASK +TYPE +OWNER +STATE +SINCE +SLOTS +LEASE LEFT +DEVICES$/);
		expect(first).toMatch(/^tsk_\S+ +noop +usr_\S+ +running 50 % +2026-01-0\S+ \S+ +1 +90 % +capture-card=1$/);
		expect(second).toMatch(/^tsk_\S+ \(attempt 2\) +noop +ada /);
		expect((await millrace('node', 'vm-1', '--running', '--json')).json).toMatchObject({ items: [attempt, {}] });
		expect((await millrace('node', 'vm-1', '--running', '--history')).code).toBe(2);
	});

	it('knows no other nodes and acts', async () => {
		serve([node('vm-1')]);
		const none = await millrace('nodes', 'revoke', 'vm-9');
		expect(none.code).toBe(4);
		expect(none.stderr).toContain('There is no node vm-9');
		expect((await millrace('nodes', 'explode', 'vm-1')).code).toBe(2);
		expect((await millrace('nodes', 'revoke')).code).toBe(2);
	});

	it('says whose business nodes are, and which token sees them', async () => {
		stage.server.instead.set('GET /api/v1/admin/nodes', (_request, response) =>
			stage.server.refuse(response, 403, 'forbidden'),
		);
		const user = await millrace('nodes');
		expect(user.code).toBe(1);
		expect(user.stderr).toContain('Only operators and administrators');
		stage.server.instead.set('GET /api/v1/admin/nodes', (_request, response) =>
			stage.server.refuse(response, 403, 'insufficient-scope', 'The token needs the scope admin.'),
		);
		expect((await millrace('nodes')).stderr).toContain('millrace login --admin');
	});
});
