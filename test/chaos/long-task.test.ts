import { expect, test } from 'vitest';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import { rounds } from '../support/chaos-length.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { startAgents } from '../support/start-agents.ts';
import { startCoordinator } from '../support/start-coordinator.ts';

const CPU_MS = rounds(3_000, 60_000);
const TASKS = rounds(4, 50);

test(`P8: ${TASKS} tasks that burn CPU for many leases run once each`, {
	timeout: 60_000 + CPU_MS * TASKS,
}, async () => {
	await using coordinator = await startCoordinator({ env: { MILLRACE_LEASE: '2', MILLRACE_HEARTBEAT: '0.5' } });
	// More at a time than there are cores: whoever wants CPU has to wait for it.
	await using agents = await startAgents(coordinator, Array(2).fill({ concurrency: 2 }));
	const anna = await coordinator.newUser('anna');
	using feed = await LiveFeed.open(anna);
	const { ids } = await anna.post<{ ids: string[] }>('/tasks:batch', {
		tasks: Array.from({ length: TASKS }, () => ({ type: 'noop', parameters: { cpuMs: CPU_MS } })),
	});
	await feed.tasks(ids, 60_000 + CPU_MS * TASKS);
	for (const id of ids) {
		const { attempts } = await anna.get<TaskDetail>(`/tasks/${id}`);
		expect(attempts).toMatchObject([{ number: 1, state: 'succeeded' }]);
		expect(attempts).toHaveLength(1);
	}
	await agents.stop();
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data });
});
