import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { isAlive } from '../../test/support/processes.ts';
import { killMarked, killTree } from './kill-tree.ts';
import { cpuOf, ProcessTable } from './process-table.ts';

const start = (script: string, env: Record<string, string> = {}): ChildProcess =>
	spawn('/bin/sh', ['-c', script], {
		detached: true,
		env: { ...process.env, ...env },
		stdio: ['ignore', 'pipe', 'ignore'],
	});

/** Process ids that the script prints, as soon as it has printed so many. */
const printed = async (child: ChildProcess, count: number): Promise<number[]> => {
	let text = '';
	for await (const chunk of child.stdout ?? []) {
		text += chunk;
		const ids = text.split('\n').filter(Boolean);
		if (ids.length >= count) return ids.map(Number);
	}
	throw new Error(`the script ended after ${text}`);
};

describe.skipIf(process.platform !== 'linux')('killing a tree', () => {
	it('ends the process, those below it, deaf ones, and those in sessions of their own', async () => {
		const child = start(`trap "" TERM INT
			sleep 600 & echo $!
			(trap "" TERM; sleep 600) & echo $!
			setsid sh -c 'echo $$; sleep 600' &
			wait`);
		const ids = await printed(child, 3);
		expect(ids.every(isAlive)).toBe(true);
		const ended = once(child, 'exit');
		const before = killTree(child.pid ?? -1);
		expect((await ended)[1]).toBe('SIGKILL');
		expect(before.map(({ pid }) => pid)).toEqual(expect.arrayContaining([child.pid, ...ids]));
		await expect.poll(() => ids.filter(isAlive)).toEqual([]);
	});

	it('finds by a mark in the environment who has left the tree altogether', async () => {
		const mark = `MILLRACE_TEST_MARK=${process.pid}-${Date.now()}`;
		const [name = '', value = ''] = mark.split('=');
		const child = start(`(setsid sh -c 'echo $$; exec sleep 600' >&1 &) ; sleep 0.05; exit 0`, { [name]: value });
		const [runaway = 0] = await printed(child, 1);
		await expect.poll(() => new ProcessTable().marked(mark).map(({ pid }) => pid)).toEqual([runaway]);
		killMarked(mark);
		await expect.poll(() => isAlive(runaway)).toBe(false);
	});

	it('is refused for what would be everything', () => {
		for (const pid of [0, 1, -1, Number.NaN, 1.5]) expect(() => killTree(pid)).toThrow(RangeError);
	});

	it('of a process that is gone does nothing', async () => {
		const child = start('exit 0');
		await once(child, 'exit');
		expect(killTree(child.pid ?? -1)).toEqual([]);
	});

	it('measures what it ends', async () => {
		const child = start('while :; do :; done');
		await expect.poll(() => cpuOf(child.pid ?? -1).own.totalUs, { timeout: 30_000 }).toBeGreaterThan(20_000);
		const [facts] = killTree(child.pid ?? -1);
		expect(facts?.cpu.totalUs).toBeGreaterThan(20_000);
		expect(facts?.memoryBytes).toBeGreaterThan(100_000);
	});
});
