import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeCommandTypes } from '../support/command-types.ts';
import { FakeCoordinator } from '../support/fake-coordinator.ts';
import { makeAssignment, refOf } from '../support/make-assignment.ts';
import { childrenOf, cpuTicks, isAlive, withCommand } from '../support/processes.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { TempFolder } from '../support/temp-folder.ts';

const types = new TempFolder();
/** A number that no other process on this machine sleeps for. */
const MARK = `31${process.pid}`;

writeCommandTypes(types.path, {
	polite: { script: 'trap "echo bye; exit 0" TERM; echo up; sleep 30 & wait' },
	stubborn: {
		script: `trap "" TERM INT HUP
sleep ${MARK} &
(trap "" TERM; sleep ${MARK} & setsid sleep ${MARK} & sleep ${MARK}) &
setsid sh -c 'trap "" TERM; sleep ${MARK}; sleep ${MARK}' &
echo up
while :; do sleep ${MARK}; done`,
	},
	glutton: { script: 'head -c 600000000 /dev/zero | tail -c 600000000 | sleep 20' },
	chatty: {
		script: 'i=0; while [ $i -lt 40000 ]; do echo "line $i is here, with some text to fill it up"; i=$((i+1)); done',
	},
	leaver: { script: `setsid sleep ${MARK} </dev/null >/dev/null 2>&1 & echo gone` },
});

let fake: FakeCoordinator;
let agent: RunningAgent;

beforeAll(async () => {
	fake = await FakeCoordinator.start();
});
afterAll(async () => {
	await agent?.[Symbol.asyncDispose]();
	await fake?.close();
	await types[Symbol.asyncDispose]();
});

const sleepers = (): number[] => withCommand(`sleep\0${MARK}`);
const started = async (type: string, options = {}) => {
	const task = makeAssignment(type, options);
	fake.assign(task);
	await fake.until('started', (seen) => seen.task === task.task);
	return task;
};

describe('built-in tasks', () => {
	beforeAll(async () => {
		agent = await startAgent(fake, { concurrency: 3 });
	});
	afterAll(() => agent.stop());

	test('are asked to stop at the soft limit', async () => {
		const settlement = await fake.run('noop', {
			parameters: { cpuMs: 60_000 },
			limits: { softMs: 200, hardMs: 20_000 },
		});
		// Killed ones have another code.
		expect(settlement).toMatchObject({ outcome: 'failed', failure: { class: 'timeout', code: 'soft-limit' } });
	});

	test('are killed when cancelled and deaf, and others go on', async () => {
		const other = await started('noop', { parameters: { sleepMs: 1_500 } });
		const task = await started('noop', { parameters: { cpuMs: 60_000 } });
		fake.emit('task:cancel', { attempts: [{ ...refOf(task), reason: 'cancelled' }] });
		expect(await fake.settled(task)).toMatchObject({ outcome: 'cancelled' });
		expect(await fake.settled(other)).toMatchObject({ outcome: 'succeeded' });
	});

	test('give their slot back when it is wanted, and others go on', async () => {
		const other = await started('noop', { parameters: { sleepMs: 1_500 } });
		const asleep = await started('noop', { parameters: { sleepMs: 60_000 } });
		const busy = await started('noop', { parameters: { cpuMs: 60_000 } });
		fake.emit('task:cancel', { attempts: [asleep, busy].map((task) => ({ ...refOf(task), reason: 'preempted' })) });
		for (const task of [asleep, busy]) {
			expect(await fake.settled(task)).toMatchObject({ outcome: 'returned', reason: expect.stringMatching(/slot/) });
		}
		expect(await fake.settled(other)).toMatchObject({ outcome: 'succeeded' });
	});

	test('that die are crashes, and the agent lives', async () => {
		const task = await started('noop', { parameters: { cpuMs: 60_000 } });
		const before = new Map(childrenOf(agent.pid).map((pid) => [pid, cpuTicks(pid)]));
		const busy = () => [...before.keys()].filter((pid) => cpuTicks(pid) > (before.get(pid) ?? 0) + 10);
		await expect.poll(busy, { timeout: 10_000 }).toHaveLength(1);
		process.kill(busy()[0] ?? -1, 'SIGKILL');
		const failure = { class: 'crash', code: 'worker-crashed', message: expect.stringContaining('SIGKILL') };
		expect(await fake.settled(task)).toMatchObject({ outcome: 'failed', failure });
		expect(await fake.run('noop')).toMatchObject({ outcome: 'succeeded' });
	});

	test('that use too much memory are killed', async () => {
		const settlement = await fake.run('noop', { parameters: { cpuMs: 30_000 }, limits: { memoryBytes: 20_000_000 } });
		expect(settlement).toMatchObject({ outcome: 'failed', failure: { class: 'resource', code: 'memory-limit' } });
		expect(settlement.usage.peakMemoryBytes).toBeGreaterThan(20_000_000);
	});

	test('keep their children warm', async () => {
		await fake.run('md5', { inputs: [fake.addInput(Buffer.from('x'))] });
		const before = childrenOf(agent.pid);
		for (let i = 0; i < 20; i++) await fake.run('md5', { inputs: [fake.addInput(Buffer.from('x'))] });
		expect(childrenOf(agent.pid)).toEqual(before);
	});
});

for (const sandbox of ['auto', 'none']) {
	describe(`programs with --sandbox ${sandbox}`, () => {
		beforeAll(async () => {
			agent = await startAgent(fake, { concurrency: 3, args: ['--task-types', types.path, '--sandbox', sandbox] });
		});
		afterAll(() => agent.stop());

		test('may end in peace when they are asked to', async () => {
			const task = await started('polite');
			await fake.until('log', (seen) => seen.task === task.task);
			fake.emit('task:cancel', { attempts: [{ ...refOf(task), reason: 'cancelled' }] });
			expect(await fake.settled(task)).toMatchObject({ outcome: 'cancelled' });
			// Whoever is killed says nothing more.
			await fake.until('log', (seen) => seen.task === task.task && seen.lines.some(({ text }) => text === 'bye'));
		});

		test('that ignore SIGTERM, fork and leave their group are gone within five seconds of a cancel', async () => {
			const task = await started('stubborn');
			await fake.until('log', (seen) => seen.task === task.task);
			await expect.poll(() => sleepers().length).toBeGreaterThanOrEqual(5);
			const askedAt = performance.now();
			fake.emit('task:cancel', { attempts: [{ ...refOf(task), reason: 'cancelled' }] });
			expect(await fake.settled(task)).toMatchObject({ outcome: 'cancelled' });
			await expect.poll(sleepers, { timeout: 5_000 - (performance.now() - askedAt) }).toEqual([]);
		});

		test('are killed at the hard limit, with all that they have started', async () => {
			const task = makeAssignment('stubborn', { limits: { softMs: 1_500, hardMs: 1_800 } });
			fake.assign(task);
			const settlement = await fake.settled(task);
			expect(settlement).toMatchObject({ outcome: 'failed', failure: { class: 'timeout', code: 'hard-limit' } });
			await expect.poll(sleepers, { timeout: 3_000 }).toEqual([]);
		});

		test('that leave processes behind are succeeded by nothing', async () => {
			expect(await fake.run('leaver')).toMatchObject({ outcome: 'succeeded' });
			await expect.poll(sleepers, { timeout: 3_000 }).toEqual([]);
		});

		test('that eat memory are killed, and the agent lives', async () => {
			const settlement = await fake.run('glutton', { limits: { memoryBytes: 100_000_000 } });
			expect(settlement).toMatchObject({ outcome: 'failed', failure: { class: 'resource', code: 'memory-limit' } });
			expect(isAlive(agent.pid)).toBe(true);
		});

		test('that talk without end have their log cut at 1 MiB, with a word about it', async () => {
			const task = makeAssignment('chatty');
			fake.assign(task);
			expect(await fake.settled(task)).toMatchObject({ outcome: 'succeeded' });
			const last = { stream: 'system', text: 'The log is cut here: it is longer than 1 MiB.' };
			await fake.until('log', (seen) => seen.task === task.task && seen.lines.some(({ text }) => text === last.text));
			const batches = fake.seen.filter((one) => one.kind === 'log' && one.task === task.task);
			let next = 0;
			for (const batch of batches) {
				if (batch.kind !== 'log') continue;
				expect(batch.firstSeq).toBe(next);
				next += batch.lines.length;
			}
			expect(next).toBeGreaterThan(15_000);
			expect(next).toBeLessThan(30_000);
		});
	});
}
