import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundledEntry } from '../../test/support/bundled-entry.ts';
import { isAlive } from '../../test/support/processes.ts';
import type { FromChild, Run, RunDone } from '../tasks/child-messages.ts';
import type { ChildEnd } from './child.ts';
import { ChildPool } from './child-pool.ts';

let runs = 0;
const run = (parameters: Run['parameters'] = {}): Run => ({
	id: ++runs,
	type: 'noop',
	parameters,
	inputs: [],
	folder: '',
	outputBytes: 0,
});

let entry: URL;
beforeAll(async () => {
	entry = await bundledEntry('agent/child/main.ts');
});

const open: ChildPool[] = [];
const setUp = () => {
	const done: RunDone[] = [];
	const ends: { pid: number; end: ChildEnd; runs: number[] }[] = [];
	const pool = new ChildPool({
		groups: null,
		entry,
		onMessage: (message: FromChild) => {
			if ('done' in message) done.push(...message.done);
		},
		onEnd: (pid, end, lost) => ends.push({ pid, end, runs: lost }),
	});
	open.push(pool);
	const until = (count: number) => vi.waitFor(() => expect(done).toHaveLength(count), { timeout: 30_000 });
	return { pool, done, ends, until };
};
afterEach(() => Promise.all(open.splice(0).map((pool) => pool.close())));

describe('the pool of children', () => {
	it('keeps a child warm and gives it the next run', async () => {
		const { pool, until } = setUp();
		const first = pool.run([run({ sleepMs: 1 })], false);
		await until(1);
		const second = pool.run([run({ sleepMs: 1 })], false);
		expect(second).toBe(first);
		await until(2);
	});

	it('has a child for each of several runs at a time', async () => {
		const { pool, until } = setUp();
		const pids = [1, 2, 3].map(() => pool.run([run({ sleepMs: 100 })], false));
		expect(new Set(pids).size).toBe(3);
		await until(3);
	});

	it('gives instant runs to one child together, never to one that is at something else', async () => {
		const { pool, until } = setUp();
		const busy = pool.run([run({ sleepMs: 300 })], false);
		const first = pool.run([run(), run()], true);
		const second = pool.run([run()], true);
		expect(first).not.toBe(busy);
		expect(second).toBe(first);
		await until(4);
	});

	it('tells which runs a dying child had, the one it was at first', async () => {
		const { pool, ends } = setUp();
		const mine = [run({ cpuMs: 60_000 })];
		const pid = pool.run(mine, false);
		await vi.waitFor(() => expect(isAlive(pid)).toBe(true), { timeout: 30_000 });
		pool.condemn(pid);
		process.kill(pid, 'SIGKILL');
		await vi.waitFor(() => expect(ends).toHaveLength(1), { timeout: 30_000 });
		expect(ends[0]).toMatchObject({ pid, end: { code: null, signal: 'SIGKILL' }, runs: [mine[0]?.id] });
	});

	it('does not mourn a child that dies while it has nothing to do, and goes on with another', async () => {
		const { pool, ends, until } = setUp();
		const pid = pool.run([run({ sleepMs: 1 })], false);
		await until(1);
		process.kill(pid, 'SIGKILL');
		// Gone altogether, not a zombie: from the next turn on the pool knows too.
		await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { timeout: 30_000 });
		await new Promise((resolve) => setImmediate(resolve));
		expect(pool.run([run({ sleepMs: 1 })], false)).not.toBe(pid);
		await until(2);
		expect(ends).toEqual([]);
	});

	it('replaces a child after ten thousand runs', async () => {
		const { pool, done } = setUp();
		const first = pool.run([run({ sleepMs: 1 })], false);
		await vi.waitFor(() => expect(done).toHaveLength(1), { timeout: 30_000 });
		const many = Array.from({ length: 9_999 }, () => run());
		expect(pool.run(many, false)).toBe(first);
		await vi.waitFor(() => expect(done).toHaveLength(10_000), { timeout: 30_000 });
		await vi.waitFor(() => expect(isAlive(first)).toBe(false), { timeout: 30_000 });
		expect(pool.run([run({ sleepMs: 1 })], false)).not.toBe(first);
		await vi.waitFor(() => expect(done).toHaveLength(10_001), { timeout: 30_000 });
	});

	it('leaves nothing behind when closed', async () => {
		const { pool, until } = setUp();
		pool.warm();
		const pids = [1, 2].map(() => pool.run([run({ sleepMs: 20 })], false));
		await until(2);
		await pool.close();
		expect(pids.filter(isAlive)).toEqual([]);
		expect(() => pool.run([run()], false)).toThrow('closed');
	});
});
