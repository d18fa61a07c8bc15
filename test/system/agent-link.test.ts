import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FakeCoordinator } from '../support/fake-coordinator.ts';
import { makeAssignment, refOf } from '../support/make-assignment.ts';
import { childrenOf, isAlive } from '../support/processes.ts';
import { startAgent } from '../support/start-agent.ts';
import { TempFolder } from '../support/temp-folder.ts';

const sleeper = (sleepMs: number) => makeAssignment('noop', { parameters: { sleepMs } });

test('work goes on over a coordinator’s death: it is named at the next hello, and settled there', async () => {
	let fake = await FakeCoordinator.start();
	await using agent = await startAgent(fake, { concurrency: 3 });
	const [short, long] = [sleeper(300), sleeper(2_500)];
	fake.assign(short, long);
	await fake.until('started', (seen) => seen.task === long.task);
	const children = childrenOf(agent.pid);
	fake = await fake.restart(() => agent.process.line(/no link to the coordinator/).then(() => {}));
	const { hello } = await fake.until('hello');
	expect(hello.running.map(({ token }) => token).sort()).toEqual([short.token, long.token].sort());
	expect(await fake.settled(short)).toMatchObject({ outcome: 'succeeded' });
	expect(await fake.settled(long)).toMatchObject({ outcome: 'succeeded' });
	expect(childrenOf(agent.pid)).toEqual(expect.arrayContaining(children));
	expect(fake.joins, 'it does not join again').toBe(0);
	await agent.stop();
	await fake.close();
});

test('settlements that nobody acknowledged survive the agent’s death too', async () => {
	await using folder = new TempFolder();
	const workDir = folder.join('agent');
	let fake = await FakeCoordinator.start();
	await using agent = await startAgent(fake, { workDir, concurrency: 3 });
	const tasks = [sleeper(250), makeAssignment('noop', { parameters: { sleepMs: 250, echo: 'kept' } })];
	fake.assign(...tasks);
	await fake.until('started', (seen) => seen.task === tasks[1]?.task);
	fake = await fake.restart(async () => {
		const spool = () => readFileSync(join(workDir, 'settlements.jsonl'), 'utf8');
		await expect.poll(spool, { timeout: 5_000 }).toContain('kept');
		await expect.poll(spool).toContain(tasks[0]?.task);
		await agent.kill('SIGKILL');
	});
	await agent.restart();
	for (const task of tasks) expect(await fake.settled(task)).toMatchObject({ token: task.token, outcome: 'succeeded' });
	const { hello } = await fake.until('hello');
	expect(hello.running).toHaveLength(2);
	await agent.stop();
	expect(readFileSync(join(workDir, 'settlements.jsonl'), 'utf8')).toBe('');
	await fake.close();
});

test('a settlement whose answer is lost is sent again', async () => {
	await using fake = await FakeCoordinator.start();
	await using agent = await startAgent(fake);
	let answers = 0;
	fake.settleAnswer = (items) => {
		answers += 1;
		if (answers === 1) return { retryAfterMs: 50 };
		if (answers === 2) {
			setImmediate(() => fake.cut());
			return null;
		}
		return { statuses: items.map(() => 'repeated') };
	};
	const task = makeAssignment('noop');
	fake.assign(task);
	await expect.poll(() => answers, { timeout: 10_000 }).toBe(3);
	expect(await agent.stop()).toEqual({ code: 0, signal: null });
});

test('a lost lease kills the task and all below it, and nothing is settled', async () => {
	await using fake = await FakeCoordinator.start();
	fake.leaseMs = 800;
	fake.heartbeatMs = 200;
	await using agent = await startAgent(fake, { concurrency: 2 });
	const task = makeAssignment('noop', { parameters: { cpuMs: 60_000 } });
	fake.assign(task);
	await fake.until('started');
	const before = childrenOf(agent.pid);
	// Renewed leases carry it over more than one lease...
	await fake.until('heartbeat', (seen) => seen.heartbeat.seq >= 6);
	expect(before.filter(isAlive)).toEqual(before);
	// ...until nobody answers, and no link comes up again.
	fake.refuse = { code: 'overloaded', message: 'Not now' };
	fake.answersHeartbeats = false;
	await agent.process.line(/lease was lost/);
	await expect.poll(() => childrenOf(agent.pid).filter((pid) => before.includes(pid)), { timeout: 3_000 }).toEqual([]);
	const hellos = fake.count('hello');
	fake.answersHeartbeats = true;
	fake.refuse = null;
	await expect.poll(() => fake.count('hello'), { timeout: 10_000 }).toBe(hellos + 1);
	expect(await fake.run('noop')).toMatchObject({ outcome: 'succeeded' });
	expect(fake.seen.filter((one) => one.kind === 'settled' && one.settlement.task === task.task)).toEqual([]);
});

test('what the coordinator calls void is stopped and not settled, at a hello and at a heartbeat', async () => {
	await using fake = await FakeCoordinator.start();
	fake.heartbeatMs = 100;
	await using agent = await startAgent(fake, { concurrency: 2 });
	const [first, second] = [sleeper(60_000), sleeper(60_000)];
	fake.assign(first, second);
	await fake.until('started', (seen) => seen.task === second.task);
	fake.voids = [refOf(first)];
	await fake.until('heartbeat', (seen) => seen.heartbeat.running.length === 1);
	fake.voids = [refOf(second)];
	fake.cut();
	await fake.until('heartbeat', (seen) => seen.heartbeat.seq > 1 && seen.heartbeat.running.length === 0);
	expect(fake.count('settled')).toBe(0);
	expect(agent.process.isRunning).toBe(true);
});

test('an attempt handed out anew with the same number runs beside the void one that is still ending', async () => {
	await using fake = await FakeCoordinator.start();
	await using _agent = await startAgent(fake, { concurrency: 2 });
	const first = makeAssignment('noop', { parameters: { sleepMs: 60_000 } });
	fake.assign(first);
	await fake.until('started', (seen) => seen.task === first.task);
	const again = { ...makeAssignment('noop'), task: first.task, attempt: first.attempt };
	// In one turn: the void one is told to stop, and has not ended when the new one comes.
	fake.emit('task:cancel', { attempts: [{ ...refOf(first), reason: 'void' }] });
	fake.assign(again);
	const { settlement } = await fake.until('settled');
	expect(settlement).toMatchObject({ outcome: 'succeeded', token: again.token });
	expect(fake.count('settled')).toBe(1);
});

test('a silent link is dropped when heartbeats are not answered', async () => {
	await using fake = await FakeCoordinator.start();
	fake.leaseMs = 600;
	fake.heartbeatMs = 100;
	await using agent = await startAgent(fake);
	await fake.until('heartbeat');
	fake.answersHeartbeats = false;
	await agent.process.line(/heartbeat was not answered/);
	fake.answersHeartbeats = true;
	await expect.poll(() => fake.count('hello'), { timeout: 5_000 }).toBeGreaterThanOrEqual(2);
	expect(await fake.run('noop')).toMatchObject({ outcome: 'succeeded' });
});

test('an agent that the coordinator will not have ends with 3 and says what to do', async () => {
	await using fake = await FakeCoordinator.start();
	await using agent = await startAgent(fake);
	fake.refuse = { code: 'node-revoked', message: 'The node was revoked' };
	fake.cut();
	expect(await agent.process.exited).toEqual({ code: 3, signal: null });
	expect(agent.log).toMatch(/revoked.*new token/);
	expect(agent.log).not.toContain('good');
});

test('an agent that its coordinator has forgotten joins anew when it has a token', async () => {
	await using fake = await FakeCoordinator.start();
	await using agent = await startAgent(fake);
	fake.refuse = { code: 'node-unknown', message: 'This coordinator does not know the node' };
	fake.cut();
	await agent.process.line(/joining anew/);
	fake.refuse = null;
	await expect.poll(() => fake.count('hello'), { timeout: 10_000 }).toBe(2);
	expect(fake.joins).toBe(2);
	expect(await fake.run('noop')).toMatchObject({ outcome: 'succeeded' });
});
