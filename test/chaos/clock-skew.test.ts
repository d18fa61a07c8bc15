import { existsSync, readdirSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import type { HealthView } from '../../shared/protocol/health.ts';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import { rounds } from '../support/chaos-length.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { LiveFeed } from '../support/live-feed.ts';
import type { RunningAgent } from '../support/start-agent.ts';
import { startAgents } from '../support/start-agents.ts';
import { startCoordinator } from '../support/start-coordinator.ts';

const MINUTES_10 = 600_000;

/** Debian's libfaketime, or null. */
const findFakeTime = (): string | null => {
	const root = '/usr/lib';
	if (!existsSync(root)) return null;
	const folders = readdirSync(root).map((name) => `${root}/${name}/faketime/libfaketime.so.1`);
	return folders.find((path) => existsSync(path)) ?? null;
};

beforeEach((context) => {
	if (findFakeTime() === null) context.skip('libfaketime is not installed');
});

test('P18: agents whose clocks are ten minutes off do the same work, and the times shown are the coordinator’s', async () => {
	await using coordinator = await startCoordinator({ env: { MILLRACE_LEASE: '3', MILLRACE_HEARTBEAT: '1' } });
	const skewed = (name: string, by: string) => ({
		name,
		concurrency: 2,
		// The wall clock only: monotonic time is not what a wrong date changes.
		env: { LD_PRELOAD: findFakeTime() ?? '', FAKETIME: by, FAKETIME_DONT_FAKE_MONOTONIC: '1' },
	});
	await using agents = await startAgents(coordinator, [skewed('ahead', '+10m'), skewed('behind', '-10m')]);
	const [ahead, behind] = agents.all as [RunningAgent, RunningAgent];
	const wall = (log: string) =>
		Number(/"time":"?(\d{13})/.exec(log)?.[1] ?? Date.parse(/"time":"([^"]+)"/.exec(log)?.[1] ?? ''));
	for (const [agent, by] of [
		[ahead, MINUTES_10],
		[behind, -MINUTES_10],
	] as const) {
		expect(Math.abs(wall(agent.log) - Date.now() - by), 'its clock is really off').toBeLessThan(60_000);
	}
	const anna = await coordinator.newUser('anna');
	using feed = await LiveFeed.open(anna);
	const from = Date.now();
	const { ids } = await anna.post<{ ids: string[] }>('/tasks:batch', {
		tasks: Array.from({ length: rounds(24, 1_000) }, (_, i) => ({
			type: 'noop',
			// Some outlast a lease, so that they live by its renewal.
			parameters: { sleepMs: i < 4 ? 4_500 : 50 },
		})),
	});
	const { file, tasks } = await anna.upload('/skewed.txt', 'text');
	await feed.tasks([...ids, ...tasks.map(({ id }) => id)], 120_000);
	const to = Date.now();
	const nodes = new Set<string>();
	for (const id of ids) {
		const task = await anna.get<TaskDetail>(`/tasks/${id}`);
		expect(task.attempts.map(({ state }) => state)).toEqual(['succeeded']);
		const [attempt] = task.attempts;
		nodes.add(attempt?.node ?? '');
		for (const at of [task.startedAt, task.finishedAt, attempt?.startedAt, attempt?.finishedAt]) {
			expect(Date.parse(at ?? '')).toBeGreaterThanOrEqual(from - 5);
			expect(Date.parse(at ?? '')).toBeLessThanOrEqual(to + 5);
		}
		expect(task.usage.wallMs).toBeLessThan(60_000);
		expect(task.usage.flags, 'its figures are possible: they are not by that clock').toEqual([]);
	}
	expect(nodes).toEqual(new Set(['ahead', 'behind']));
	expect(await anna.get(`/files/${file.id}`)).toMatchObject({ facts: { mimetype: 'text/plain' } });
	const { checks } = await coordinator.api.get<HealthView>('/admin/health');
	const clocks = checks.find(({ name }) => name === 'clocks');
	expect(clocks?.state).toMatch(/warn|fail/);
	expect(clocks?.what).toMatch(/^(?=.*\bahead is .* ahead)(?=.*\bbehind is .* behind)/);
	for (const exit of await Promise.all([ahead.stop(), behind.stop()])) expect(exit).toEqual({ code: 0, signal: null });
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data });
});
