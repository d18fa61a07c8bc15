import { stat } from 'node:fs/promises';
import { beforeEach, expect, test } from 'vitest';
import { ApiRefusal } from '../support/api.ts';
import { fillDisk, mayMount, mountSmall } from '../support/small-disk.ts';
import { startAgent } from '../support/start-agent.ts';
import { startCoordinator } from '../support/start-coordinator.ts';
import { TempFolder } from '../support/temp-folder.ts';

/** From this size on the coordinator copies the WAL into the ledger. */
const WAL_SOFT_LIMIT = 16 * 1024 * 1024;

beforeEach(async (context) => {
	if (!(await mayMount())) context.skip('this account may not mount a file system');
});

/** What is left over from a refused write may still take a small one: said until nothing is left. */
const refusalOf = async (act: (nth: number) => Promise<unknown>): Promise<ApiRefusal> => {
	for (let nth = 0; nth < 200; nth++) {
		const answer = await act(nth).catch((error: unknown) => error);
		if (answer instanceof ApiRefusal) return answer;
		if (answer instanceof Error) throw answer;
	}
	throw new Error('it was never refused');
};

test('on a full disk every act of an administrator is refused with its code and what to do, and works once there is room', async () => {
	await using folder = new TempFolder();
	await using _ = (await mountSmall(folder.path, '140m')) as AsyncDisposable;
	await using coordinator = await startCoordinator({ data: folder.join('data'), env: { MILLRACE_FREE_SPACE: '1MB' } });
	await using agent = await startAgent(coordinator, { queues: ['normal'] });
	const { api } = coordinator;
	await api.post('/admin/queues', { name: 'yard', bindingKeys: ['yard.#'] });
	const submit = (tasks: number, echo: string) => {
		const task = { type: 'noop', routingKey: 'yard.noop', parameters: { echo } };
		return api.post('/tasks:batch', { tasks: Array.from({ length: tasks }, () => task) });
	};
	await submit(100, '');
	const { items } = await api.get<{ items: { id: string }[] }>('/admin/nodes');
	const node = `/admin/nodes/${items[0]?.id}`;

	// Room for a WAL that is due to be copied, and none for the copy.
	const ballast = await fillDisk(folder.path, 22_000_000);
	await refusalOf(() => submit(500, 'x'.repeat(4_000)));
	expect((await stat(folder.join('data', 'ledger.db-wal'))).size).toBeGreaterThan(WAL_SOFT_LIMIT);

	const by = (nth: number) => ({ reason: `try ${nth}` });
	const acts: Record<string, (nth: number) => Promise<unknown>> = {
		'hold tasks': () => api.post('/admin/tasks:steer', { verb: 'hold', filter: { queue: 'yard' } }),
		'pause a queue': (nth) => api.post('/admin/queues/yard:pause', by(nth)),
		'make a queue': (nth) => api.post('/admin/queues', { name: `new-${nth}`, bindingKeys: [`new-${nth}.#`] }),
		'cordon a node': (nth) => api.post(`${node}:cordon`, by(nth)),
		'configure a node': (nth) => api.json('PATCH', node, { concurrency: 1 + (nth % 8) }),
		'put a class': (nth) => api.json('PUT', '/admin/service-classes/tried', { weight: 1 + nth }),
		'purge a queue': () => api.post('/admin/queues/yard:purge', { confirm: 'yard' }),
	};
	for (const [name, act] of Object.entries(acts)) {
		const { status, code, problem } = await refusalOf(act);
		expect([status, code], name).toEqual([507, 'disk-full']);
		expect(problem.detail, name).toMatch(/disk is full.*Make room .*again/);
	}
	expect(await api.get('/admin/queues'), 'it can still be looked at').toBeDefined();
	expect(coordinator.process.isRunning).toBe(true);

	await ballast[Symbol.asyncDispose]();
	for (const [name, act] of Object.entries(acts)) await expect(act(900), name).resolves.toBeDefined();
	await agent.stop();
	await coordinator.stop();
});
