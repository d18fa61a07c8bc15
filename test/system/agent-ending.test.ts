import { expect, test } from 'vitest';
import { FakeCoordinator } from '../support/fake-coordinator.ts';
import { makeAssignment } from '../support/make-assignment.ts';
import { childrenOf, isAlive } from '../support/processes.ts';
import { startAgent } from '../support/start-agent.ts';

const sleeper = (sleepMs: number) => makeAssignment('noop', { parameters: { sleepMs } });

test('SIGTERM drains: what runs is finished, what comes is given back, then it ends with 0', async () => {
	await using fake = await FakeCoordinator.start();
	await using agent = await startAgent(fake, { concurrency: 2 });
	const task = sleeper(600);
	fake.assign(task);
	await fake.until('started', (seen) => seen.task === task.task);
	agent.signal('SIGTERM');
	await fake.until('draining');
	const late = makeAssignment('noop');
	fake.assign(late);
	expect(await fake.settled(late)).toMatchObject({ outcome: 'returned', reason: expect.stringContaining('draining') });
	expect(await fake.settled(task)).toMatchObject({ outcome: 'succeeded' });
	expect(await agent.process.exited).toEqual({ code: 0, signal: null });
});

test('a second SIGTERM ends at once: what runs is killed and given back', async () => {
	await using fake = await FakeCoordinator.start();
	await using agent = await startAgent(fake, { concurrency: 2 });
	const tasks = [sleeper(60_000), makeAssignment('noop', { parameters: { cpuMs: 60_000 } })];
	fake.assign(...tasks);
	for (const { task } of tasks) await fake.until('started', (seen) => seen.task === task);
	const children = childrenOf(agent.pid);
	agent.signal('SIGTERM');
	await fake.until('draining');
	const askedAt = performance.now();
	agent.signal('SIGTERM');
	for (const task of tasks) expect(await fake.settled(task)).toMatchObject({ outcome: 'returned' });
	expect(await agent.process.exited).toEqual({ code: 0, signal: null });
	expect(performance.now() - askedAt).toBeLessThan(3_000);
	expect(children.filter(isAlive)).toEqual([]);
});

test('a drain that takes too long ends as a second SIGTERM does', async () => {
	await using fake = await FakeCoordinator.start();
	await using agent = await startAgent(fake, { args: ['--drain-timeout', '200ms'] });
	const task = sleeper(60_000);
	fake.assign(task);
	await fake.until('started');
	agent.signal('SIGTERM');
	expect(await fake.settled(task)).toMatchObject({ outcome: 'returned' });
	expect(await agent.process.exited).toEqual({ code: 0, signal: null });
});

test('the coordinator can ask for a drain, and change the concurrency', async () => {
	await using fake = await FakeCoordinator.start();
	await using agent = await startAgent(fake, { concurrency: 1 });
	fake.emit('agent:configure', { concurrency: 3 });
	const tasks = [sleeper(200), sleeper(200), sleeper(200)];
	fake.assign(...tasks);
	for (const task of tasks) expect(await fake.settled(task)).toMatchObject({ outcome: 'succeeded' });
	fake.emit('agent:drain', {});
	expect(await agent.process.exited).toEqual({ code: 0, signal: null });
});

test('an agent that dies takes its children with it', async () => {
	await using fake = await FakeCoordinator.start();
	await using agent = await startAgent(fake, { concurrency: 2 });
	const tasks = [sleeper(60_000), makeAssignment('noop', { parameters: { cpuMs: 60_000 } })];
	fake.assign(...tasks);
	for (const { task } of tasks) await fake.until('started', (seen) => seen.task === task);
	const children = childrenOf(agent.pid);
	expect(children.length).toBeGreaterThanOrEqual(2);
	await agent.kill('SIGKILL');
	await expect.poll(() => children.filter(isAlive), { timeout: 5_000 }).toEqual([]);
});
