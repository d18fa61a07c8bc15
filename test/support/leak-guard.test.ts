import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { assertNoLeftovers, leftoverProcesses } from './leak-guard.ts';
import { TempFolder } from './temp-folder.ts';
import { RUN_MARK, RUN_MARK_VARIABLE, TestProcess } from './test-process.ts';

test.skipIf(process.platform !== 'linux')('a process that outlives its test is named and killed', async () => {
	const child = spawn('sleep', ['300'], { detached: true, env: { ...process.env, [RUN_MARK_VARIABLE]: RUN_MARK } });
	const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
	expect(leftoverProcesses()).toEqual([{ pid: child.pid, command: 'sleep 300' }]);
	await expect(assertNoLeftovers(50)).rejects.toThrow(/sleep 300/);
	expect(await ended).toBe('SIGKILL');
	await assertNoLeftovers();
});

test.skipIf(process.platform !== 'linux')('one that hides its environment is known by its folder', async () => {
	await using folder = new TempFolder();
	const child = spawn('sleep', ['300'], { cwd: folder.path, env: {} });
	expect(leftoverProcesses().map(({ pid }) => pid)).toEqual([child.pid]);
	child.kill();
	await assertNoLeftovers();
});

test('a line that was written before anybody waited is found, and one that never comes is an error with the output', async () => {
	const process1 = new TestProcess('talker', [process.execPath, '-e', 'console.log("ready: 7"); console.error("oh")']);
	await process1.exited;
	expect((await process1.line(/ready: (\d)/))[1]).toBe('7');
	await expect(process1.line(/never/)).rejects.toThrow(/talker: ended \(0\)[\s\S]*oh/);
});

test('a process that ignores SIGTERM is killed, and that is an error', async () => {
	const script = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")';
	const stubborn = new TestProcess('stubborn', [process.execPath, '-e', script]);
	await stubborn.line(/up/);
	await expect(stubborn.stop(100)).rejects.toThrow(/did not stop within 100 ms/);
	expect(stubborn.isRunning).toBe(false);
});
