import { expect, test } from 'vitest';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { startAgent } from '../support/start-agent.ts';
import { startCoordinator } from '../support/start-coordinator.ts';

test('a restart of the coordinator gives no class its burst once more', async () => {
	await using coordinator = await startCoordinator();
	await using agent = await startAgent(coordinator, { concurrency: 8 });
	// In the time that this test may take no start is paid off.
	const rates = { starts: { perMinute: 0.05, burst: 4 } };
	await coordinator.api.json('PUT', '/admin/service-classes/lab', { rates });
	const anna = await coordinator.newUser('anna', 'user', 'lab');
	const bob = await coordinator.newUser('bob');
	const submit = async (count: number, parameters = {}) => {
		const tasks = Array.from({ length: count }, () => ({ type: 'noop', parameters }));
		return (await anna.post<{ ids: string[] }>('/tasks:batch', { tasks })).ids;
	};
	using feed = await LiveFeed.open(anna);
	using bobs = await LiveFeed.open(bob);
	// Two that have ended, and one that runs on.
	await feed.tasks(await submit(2));
	const [long = ''] = await submit(1, { sleepMs: 600_000 });
	await feed.task(long, ['running']);
	// What is told of as running may not be written yet; what is read is.
	expect(await anna.get<TaskDetail>(`/tasks/${long}`)).toMatchObject({ state: 'running' });

	await coordinator.kill();
	await coordinator.restart();
	// One is left of the burst.
	const ids = await submit(3);
	const [first = '', ...others] = ids;
	expect(await feed.task(first)).toMatchObject({ state: 'succeeded' });
	// What comes later and has no rate has started by now: the others would have, too.
	const { id } = await bob.post<{ id: string }>('/tasks', { type: 'noop' });
	expect(await bobs.task(id)).toMatchObject({ state: 'succeeded' });
	for (const other of others) {
		expect(await anna.get<TaskDetail>(`/tasks/${other}`)).toMatchObject({
			state: 'queued',
			waiting: { rule: 'class-rate' },
		});
	}
	await anna.post(`/tasks/${long}:cancel`);
	await feed.task(long);
	await agent.stop();
	await coordinator.stop();
});
