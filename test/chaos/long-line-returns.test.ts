import { expect, test } from 'vitest';
import { rounds } from '../support/chaos-length.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { lookInto } from '../support/look-into.ts';
import { startCoordinator } from '../support/start-coordinator.ts';

/** As many as one request may bring. */
const BATCH = 10_000;
const BATCHES = rounds(2, 10);
const TASKS = BATCH * BATCHES;

test(`${TASKS} queued tasks are in line again after kill -9`, async () => {
	await using coordinator = await startCoordinator({ readyWithinMs: 60_000 });
	const tasks = Array.from({ length: BATCH }, (_, i) => ({ type: 'noop', priority: i % 10 }));
	const body = JSON.stringify({ tasks });
	for (let i = 0; i < BATCHES; i++) {
		const answer = await coordinator.api.raw('POST', '/api/v1/tasks:batch', body, {
			'content-type': 'application/json',
		});
		expect(answer.status, answer.body.toString().slice(0, 200)).toBe(202);
	}
	await coordinator.kill();
	const readyMs = await coordinator.restart();
	console.log(`ready ${Math.round(readyMs)} ms after kill -9 with ${TASKS} queued tasks`);
	const { items } = await coordinator.api.get<{ items: { name: string; queued: number }[] }>('/admin/queues');
	expect(items).toContainEqual(expect.objectContaining({ name: 'normal', queued: TASKS }));
	await coordinator.stop();
	expect(lookInto(coordinator.data, `SELECT count(*) AS n FROM tasks WHERE state = 'queued'`)).toEqual([{ n: TASKS }]);
	await checkInvariants({ data: coordinator.data, settled: false });
});
