import { randomBytes } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import { ApiRefusal } from '../support/api.ts';
import { accountViolations } from '../support/check-accounts.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { History } from '../support/history.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { fillDisk, freeBytes, mayMount, mountSmall } from '../support/small-disk.ts';
import { startAgent } from '../support/start-agent.ts';
import { startCoordinator } from '../support/start-coordinator.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { TusUpload } from '../support/tus-upload.ts';
import { waitFor } from '../support/wait-for.ts';

beforeEach(async (context) => {
	if (!(await mayMount())) context.skip('this account may not mount a file system');
});

test('P13: on a full disk uploads wait, what runs is settled, nothing breaks, and room heals it', async () => {
	await using folder = new TempFolder();
	await using _ = (await mountSmall(folder.path, '64m')) as AsyncDisposable;
	await using coordinator = await startCoordinator({ data: folder.join('data'), env: { MILLRACE_FREE_SPACE: '16MB' } });
	await using agent = await startAgent(coordinator, { concurrency: 8 });
	const anna = await coordinator.newUser('anna');
	using feed = await LiveFeed.open(anna);
	const history = new History();
	const running = await anna.post<{ ids: string[] }>('/tasks:batch', {
		tasks: Array.from({ length: 6 }, () => ({ type: 'noop', parameters: { sleepMs: 4_000 } })),
	});
	for (const id of running.ids) await feed.task(id, ['running']);

	const filled: string[] = [];
	let refusal: unknown = null;
	while (refusal === null && filled.length < 60) {
		await anna.upload(`/fill/${filled.length}.bin`, randomBytes(2_000_000)).then(
			({ file }) => filled.push(file.id),
			(error) => {
				refusal = error;
			},
		);
	}
	expect(refusal).toBeInstanceOf(ApiRefusal);
	expect(refusal).toMatchObject({ status: 507, code: 'disk-full' });
	expect(filled.length).toBeGreaterThan(5);
	expect(await freeBytes(folder.path), 'the rest is kept for the ledger').toBeGreaterThan(12_000_000);
	// More than a checkpoint of the ledger may have given back meanwhile.
	await expect(TusUpload.create(anna, { path: '/tus.bin', size: 30_000_000 })).rejects.toMatchObject({ status: 507 });

	const done = await feed.tasks(running.ids);
	expect(done.map(({ state }) => state)).toEqual(Array(6).fill('succeeded'));
	const metrics = await anna.raw('GET', '/readyz');
	expect(metrics.status).toBe(200);

	// Now really full: not a byte is left for the ledger either.
	const late = await anna.post<{ ids: string[] }>('/tasks:batch', {
		tasks: Array.from({ length: 6 }, () => ({ type: 'noop', parameters: { sleepMs: 1_500 } })),
	});
	for (const id of late.ids) await feed.task(id, ['running']);
	const ballast = await fillDisk(folder.path);
	expect(await freeBytes(folder.path)).toBeLessThan(100_000);
	// Said until the ledger will not have it; every refusal is a coded one.
	const full = await waitFor(
		'a submit to be refused',
		async () => {
			const tasks = Array.from({ length: 200 }, () => ({
				type: 'noop',
				routingKey: 'parked.noop',
				parameters: { echo: 'x'.repeat(500) },
			}));
			const answer = await history.submit(() => anna.post<{ ids: string[] }>('/tasks:batch', { tasks }));
			return answer === null && history.entries.at(-1);
		},
		{ withinMs: 30_000 },
	);
	expect(full.outcome).toBe('refused');
	expect(full.detail).toMatch(/50[37]/);
	expect(coordinator.process.isRunning).toBe(true);

	await ballast[Symbol.asyncDispose]();
	const later = await feed.tasks(late.ids, 60_000);
	expect(
		later.map(({ state }) => state),
		'what ended meanwhile is settled',
	).toEqual(Array(6).fill('succeeded'));
	for (const id of late.ids) {
		const { attempts } = await anna.get<TaskDetail>(`/tasks/${id}`);
		expect(attempts.filter(({ state }) => state === 'succeeded')).toHaveLength(1);
	}
	for (const id of filled.slice(0, 5)) await anna.json('DELETE', `/files/${id}?forever=true`);
	await waitFor(
		'uploads to be taken again',
		async () => (await history.upload(() => anna.upload('/after.bin', randomBytes(100_000)))) !== null,
		{ withinMs: 60_000, lastSeen: () => history.entries.at(-1)?.detail },
	);
	await agent.stop();
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data, history, settled: false });
	expect(await accountViolations(coordinator.data), 'what could not be summed up then was summed up later').toEqual([]);
});
