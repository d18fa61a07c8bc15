import { expect, test } from 'vitest';
import type { NodeView } from '../../shared/protocol/node.ts';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import { countStates } from '../support/all-over.ts';
import { rounds } from '../support/chaos-length.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { writeCommandTypes } from '../support/command-types.ts';
import { intoCommands } from '../support/into-commands.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { startAgents } from '../support/start-agents.ts';
import { startCoordinator } from '../support/start-coordinator.ts';
import { TempFolder } from '../support/temp-folder.ts';

const POISON = rounds(1, 10);
const OTHERS = rounds(60, 3_000);

test('P7: a task that kills its runner is quarantined after three losses, and harms nobody else', async () => {
	await using folder = new TempFolder();
	const types = writeCommandTypes(folder.join('types'), { poison: { script: 'kill -KILL $PPID; sleep 5' } });
	await using coordinator = await startCoordinator();
	const anna = await coordinator.newUser('anna');
	await coordinator.api.post('/admin/queues/normal:pause');
	const { ids } = await anna.post<{ ids: string[] }>('/tasks:batch', {
		tasks: Array.from({ length: POISON + OTHERS }, () => ({ type: 'noop', parameters: { sleepMs: 20 } })),
	});
	// Among the others: a node that loses three different tasks and does nothing well between is taken for a bad one.
	const every = Math.floor(ids.length / POISON);
	const poison = ids.filter((_, at) => at % every === 0).slice(0, POISON);
	const others = ids.filter((id) => !poison.includes(id));
	await coordinator.stop();
	intoCommands(coordinator.data, poison, types, 'poison');
	await coordinator.restart();

	// Without a sandbox, which would keep it from its runner.
	const args = ['--task-types', types, '--sandbox', 'none'];
	await using agents = await startAgents(coordinator, Array(2).fill({ concurrency: 2, args }));
	using feed = await LiveFeed.open(anna);
	await coordinator.api.post('/admin/queues/normal:resume');
	await feed.tasks([...poison, ...others], 120_000);
	for (const id of poison) {
		const task = await anna.get<TaskDetail>(`/tasks/${id}`);
		expect(task).toMatchObject({ state: 'quarantined', error: { code: 'worker-lost' }, usage: { wallMs: 0 } });
		expect(task.attempts.map(({ state }) => state)).toEqual(['lost', 'lost', 'lost']);
		expect(new Set(task.attempts.map(({ node }) => node)).size, 'it was tried elsewhere').toBe(2);
	}
	for (const id of others) {
		const task = await anna.get<TaskDetail>(`/tasks/${id}`);
		expect(task.attempts.map(({ state }) => state)).toEqual(['succeeded']);
	}
	expect(await countStates(anna)).toEqual({ quarantined: POISON, succeeded: OTHERS });
	const { items } = await coordinator.api.get<{ items: NodeView[] }>('/admin/nodes');
	expect(items.map(({ state }) => state)).toEqual(['online', 'online']);
	await agents.stop();
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data });
});
