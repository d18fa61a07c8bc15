import { describe, expect, it } from 'vitest';
import { commandLineStage } from '../../test/support/command-line-stage.ts';
import { standInId } from '../../test/support/stand-in-id.ts';

const stage = commandLineStage();

const millrace = (...argv: readonly string[]) => stage.run(['admin', ...argv]);

const ACT = standInId('act');
const WAY_BACK = `Undo: millrace admin acts undo ${ACT}\n`;
const steered = (fields: object = {}) => ({
	...{ act: standInId('act'), matched: 3, changed: 3, skipped: 0, done: true },
	...fields,
});
const node = {
	...{ id: standInId('nod'), name: 'vm-2', state: 'online', capabilities: null, queues: ['normal'] },
	...{ concurrency: 4, running: 0, metrics: null, lastSeenAt: null },
};

describe('admin queue', () => {
	it('lists queues with what is wrong with them', async () => {
		const overlaps = [{ bindingKey: '#', queue: 'normal', otherBindingKey: 'normal.#', winner: 'normal' }];
		const items = [
			{
				name: 'all',
				bindingKeys: ['#'],
				paused: true,
				draining: true,
				queued: 7,
				overlaps,
				warnings: ['Nobody serves it.'],
			},
		];
		stage.answer('GET /api/v1/admin/queues', 200, () => ({ items, nextCursor: null }));
		for (const argv of [['queue'], ['queue', 'list']]) {
			const { stdout, code, stderr } = await millrace(...argv);
			expect(code, stderr).toBe(0);
			expect(stdout.split('\n')[1]).toMatch(/^all +paused, draining +7 +# +.*overlaps normal \(normal wins\); Nobody/);
		}
		expect((await millrace('queue', 'list', '--json')).json).toMatchObject({ items: [{ name: 'all' }] });
	});

	it('makes, binds, steers and tests', async () => {
		stage.answer('POST /api/v1/admin/queues', 201, () => ({}));
		stage.answer('PATCH /api/v1/admin/queues/x', 200, () => ({}));
		stage.answer('POST /api/v1/admin/queues/x:drain', 200, () => ({
			...{ name: 'x', bindingKeys: ['x.#'], paused: false, act: ACT },
		}));
		stage.answer('POST /api/v1/admin/queues:route', 200, () => ({
			...{ routingKey: 'x.y', queue: 'x', bindingKey: 'x.#', servedBy: ['vm-2'], warnings: [] },
			matches: [
				{ queue: 'x', bindingKey: 'x.#' },
				{ queue: 'all', bindingKey: '#' },
			],
		}));
		for (const argv of [
			['create', 'x', 'x.#', 'y.*'],
			['bind', 'x', 'x.#'],
		]) {
			expect((await millrace('queue', ...argv)).code).toBe(0);
		}
		expect((await millrace('queue', 'drain', 'x', '--reason', 'moving')).stdout).toBe(
			`x takes no new tasks; what is in line is worked off.\n${WAY_BACK}`,
		);
		const { stdout } = await millrace('queue', 'route', 'x.y');
		expect(stdout).toContain('x.y reaches the queue x by x.#, served by vm-2.');
		expect(stdout).toContain('It would also fit # of all.');
		expect(stage.sent.map(([, body]) => body)).toEqual([
			{ name: 'x', bindingKeys: ['x.#', 'y.*'] },
			{ bindingKeys: ['x.#'] },
			{ reason: 'moving' },
			{ routingKey: 'x.y' },
		]);
	});

	it('purges and deletes with the name as confirmation', async () => {
		stage.answer('POST /api/v1/admin/queues/x:purge', 202, () => steered({ changed: 1, done: false }));
		stage.answer('DELETE /api/v1/admin/queues/x', 204, () => null);
		const purged = await millrace('queue', 'purge', 'x', '--confirm', 'x', '--reason', 'old');
		expect(purged.stdout).toContain('1 of 3 tasks cancelled so far; the rest goes on');
		expect((await millrace('queue', 'delete', 'x', '--confirm', 'x')).code).toBe(0);
		const words = 'This cancels the 7 tasks. To confirm: --confirm y.';
		stage.server.instead.set('POST /api/v1/admin/queues/y:purge', (_, response) =>
			stage.server.refuse(response, 422, 'confirmation-needed', words),
		);
		const refused = await millrace('queue', 'purge', 'y');
		expect([refused.code, refused.stderr]).toEqual([
			1,
			expect.stringContaining('the 7 tasks. To confirm: --confirm y.\n'),
		]);
		expect(stage.sent[0]).toEqual(['POST /api/v1/admin/queues/x:purge', { confirm: 'x', reason: 'old' }]);
	});
});

describe('admin node', () => {
	it('sends a node away until a time, given as a time or a duration', async () => {
		stage.answer('GET /api/v1/admin/nodes', 200, () => ({ items: [node], nextCursor: null }));
		for (const act of ['cordon', 'drain', 'uncordon'])
			stage.answer(`POST /api/v1/admin/nodes/${node.id}:${act}`, 200, () => ({ ...node, act: ACT }));
		const before = Date.now();
		const { stdout, stderr } = await millrace('node', 'cordon', 'vm-2', '--until', '2h', '--reason', 'disk');
		expect(stdout, stderr).toContain('vm-2 takes no more tasks');
		expect(stdout).toContain(WAY_BACK);
		// A drain is an act too, which nothing takes back.
		const drained = await millrace('node', 'drain', node.id, '--until', '2030-01-02T03:04:05Z');
		expect(drained.stdout).not.toContain('Undo');
		expect((await millrace('node', 'uncordon', 'vm-2')).stdout).toContain(WAY_BACK);
		const bodies = stage.sent
			.filter(([route]) => route.startsWith('POST'))
			.map(([, body]) => body as { until?: string });
		expect(Date.parse(bodies[0]?.until ?? '')).toBeGreaterThanOrEqual(before + 7_200_000);
		expect(bodies[0]).toMatchObject({ reason: 'disk' });
		expect(bodies[1]).toEqual({ until: '2030-01-02T03:04:05.000Z' });
		expect((await millrace('node', 'cordon', 'vm-2', '--until', 'soon')).code).toBe(2);
		expect((await millrace('node', 'cordon', 'vm-9')).code).toBe(4);
	});

	it('says what a node takes', async () => {
		stage.answer('GET /api/v1/admin/nodes', 200, () => ({ items: [node], nextCursor: null }));
		stage.answer(`PATCH /api/v1/admin/nodes/${node.id}`, 200, () => node);
		await millrace('node', 'policy', 'vm-2', '--types', 'md5, noop', '--concurrency', '8');
		await millrace('node', 'policy', 'vm-2', '--reserved-for', 'capture-card');
		await millrace('node', 'policy', 'vm-2', '--any');
		expect(stage.sent.filter(([route]) => route.startsWith('PATCH')).map(([, body]) => body)).toEqual([
			{ policy: { taskTypes: ['md5', 'noop'], reservedFor: [] }, concurrency: 8 },
			{ policy: { taskTypes: null, reservedFor: ['capture-card'] } },
			{ policy: null },
		]);
		expect((await millrace('node', 'policy', 'vm-2')).code).toBe(2);
	});
});

describe('admin tasks', () => {
	it('counts first, and then acts on no more than it has counted', async () => {
		stage.answer('POST /api/v1/admin/tasks:steer', 200, ({ dryRun }: { dryRun?: boolean }) =>
			steered(dryRun ? { act: null, changed: 0 } : { changed: 2, skipped: 1 }),
		);
		const asked = await millrace('tasks', 'hold', '--queue', 'normal', '--type', 'noop');
		expect(asked.code, 'nobody can be asked').toBe(2);
		expect(asked.stderr).toContain('3 tasks will be held. Go on?');
		expect(stage.sent).toHaveLength(1);
		const done = await millrace('tasks', 'hold', '--queue', 'normal', '--error', 'io', '--reason', 'disk', '--yes');
		expect(done.stdout).toMatch(/^2 tasks held, 1 left as they were\.\nUndo: millrace admin acts undo act_\d+\n$/);
		expect(stage.sent.at(-1)?.[1]).toEqual({
			...{ verb: 'hold', filter: { queue: 'normal', errorCode: 'io' }, reason: 'disk', expected: 3 },
		});
		expect((await millrace('tasks', 'move', '--state', 'queued', '--to', 'x.y', '--dry-run')).stdout).toBe(
			'3 tasks would be moved.\n',
		);
		expect(stage.sent.at(-1)?.[1]).toEqual({
			verb: 'move',
			filter: { state: 'queued' },
			routingKey: 'x.y',
			dryRun: true,
		});
	});

	it('acts on named tasks at once', async () => {
		stage.answer('POST /api/v1/admin/tasks:steer', 200, () => steered({ matched: 1, changed: 1 }));
		const id = standInId('tsk');
		expect((await millrace('tasks', 'boost', id)).stdout).toContain('1 task boosted.');
		expect(stage.sent).toEqual([['POST /api/v1/admin/tasks:steer', { verb: 'boost', ids: [id] }]]);
		expect((await millrace('tasks', 'boost')).code).toBe(2);
		expect((await millrace('tasks', 'boost', id, '--queue', 'x')).code).toBe(2);
		expect((await millrace('tasks', 'move', id)).code).toBe(2);
	});

	it('takes a person by name, and tells who may not look one up what to do', async () => {
		const storage = { usedBytes: 0, files: 0, quotaBytes: null, quotaFiles: null, nearlyFull: false };
		const ada = { id: standInId('usr'), username: 'Ada', role: 'user', createdAt: '2026-01-02T03:04:05Z' };
		stage.answer('GET /api/v1/admin/users', 200, () => ({
			items: [{ ...ada, disabled: false, serviceClass: null, storage }],
			nextCursor: null,
		}));
		stage.answer('POST /api/v1/admin/tasks:steer', 200, () => steered());
		const held = await millrace('tasks', 'hold', '--owner', 'ada', '--yes');
		expect(held.stdout, held.stderr).toContain('3 tasks held');
		expect(stage.sent.at(-1)?.[1]).toMatchObject({ verb: 'hold', filter: { owner: ada.id } });
		const unknown = await millrace('tasks', 'hold', '--owner', 'bob', '--yes');
		expect(unknown.stderr).toContain('There is no user bob.');

		stage.server.instead.set('GET /api/v1/admin/users', (_, response) =>
			stage.server.refuse(response, 403, 'forbidden'),
		);
		const operator = await millrace('tasks', 'hold', '--owner', 'ada', '--yes');
		expect(operator.stderr).toContain('Name ada by id');
		expect((await millrace('tasks', 'hold', '--owner', ada.id, '--yes')).code).toBe(0);
	});
});

describe('admin quarantine and acts', () => {
	it('list causes and run one again', async () => {
		const group = {
			...{ group: 'a'.repeat(16), type: 'noop', errorCode: 'io', message: 'no # here', count: 8, people: 2, nodes: 1 },
			...{ firstSeenAt: '2026-01-02T03:04:05Z', lastSeenAt: '2026-01-02T03:04:05Z', sampleTasks: [] },
		};
		stage.answer('GET /api/v1/admin/quarantine', 200, () => ({ groups: [group], tasks: 8, truncated: true }));
		stage.answer('POST /api/v1/admin/quarantine:replay', 200, () => steered());
		const { stdout, stderr } = await millrace('quarantine');
		expect(stdout.split('\n')[1]).toMatch(/^a{16} +8 +2 +1 +noop +io .*no # here/);
		expect(stderr).toContain('there are more');
		expect((await millrace('quarantine', 'replay', group.group, '--limit', 'all')).stdout).toContain('queued again');
		expect(stage.sent.at(-1)?.[1]).toEqual({ group: group.group, limit: 'all' });
		expect((await millrace('quarantine', 'replay', group.group, '--limit', '0')).code).toBe(2);
		const other = { ...group, group: `ab${'c'.repeat(14)}` };
		stage.answer('GET /api/v1/admin/quarantine', 200, () => ({ groups: [group, other], tasks: 8, truncated: true }));
		expect((await millrace('quarantine', 'replay', 'ab')).code).toBe(0);
		expect(stage.sent.at(-1)?.[1]).toEqual({ group: other.group, limit: 'one' });
		expect((await millrace('quarantine', 'replay', 'a')).code).toBe(2);
		expect((await millrace('quarantine', 'replay', 'f')).code).toBe(4);
	});

	it('list acts and undo one', async () => {
		const act = {
			...{ id: standInId('act'), at: '2026-01-02T03:04:05Z', by: 'olga', verb: 'tasks.hold', object: node.id },
			...{ detail: { reason: 'disk' }, state: 'cut', matched: 9, changed: 5, skipped: 0, undoable: true, undone: null },
		};
		stage.answer('GET /api/v1/admin/acts', 200, () => ({ items: [act], nextCursor: null }));
		stage.answer(`POST /api/v1/admin/acts/${act.id}:undo`, 200, () => steered({ changed: 5, skipped: 2, matched: 7 }));
		stage.answer('GET /api/v1/admin/nodes', 200, () => ({ items: [node], nextCursor: null }));
		expect((await millrace('acts')).stdout.split('\n')[1]).toMatch(/olga +tasks\.hold +5\/9 +cut +vm-2 +disk/);
		expect((await millrace('acts', 'undo', act.id)).stdout).toContain(
			'5 tasks put back, 2 had started or changed since',
		);
	});
});
