import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { WorkDir } from './work-dir.ts';

const folder = new TempFolder();
afterAll(() => folder[Symbol.asyncDispose]());

describe('a work folder', () => {
	it('is for its account alone, and free again afterwards', () => {
		const path = folder.join('one', 'agent');
		const workDir = WorkDir.take(path);
		expect(statSync(path).mode & 0o777).toBe(0o700);
		expect(existsSync(`${path}/agent.pid`)).toBe(true);
		workDir.release();
		expect(existsSync(`${path}/agent.pid`)).toBe(false);
	});

	it.skipIf(process.platform !== 'linux')('has one living agent at a time', async () => {
		const path = folder.join('two');
		WorkDir.take(path).release();
		const other = spawn('sleep', ['300']);
		const { pid = 0 } = other;
		const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
		const begun = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
		writeFileSync(`${path}/agent.pid`, `${pid} ${begun}\n`);
		expect(() => WorkDir.take(path)).toThrow(new RegExp(`process id ${pid}.*--work-dir`));
		writeFileSync(`${path}/agent.pid`, `${pid} 12\n`);
		expect(() => WorkDir.take(path), 'the number was given to another process').not.toThrow();
		writeFileSync(`${path}/agent.pid`, `${pid} ${begun}\n`);
		other.kill('SIGKILL');
		await once(other, 'exit');
		expect(() => WorkDir.take(path), 'that agent is dead').not.toThrow();
	});

	it('is taken over from a lock that makes no sense', () => {
		const path = folder.join('three');
		WorkDir.take(path);
		for (const text of ['', 'x', '0 0', '-1 5', '999999999 3']) {
			writeFileSync(`${path}/agent.pid`, text);
			expect(() => WorkDir.take(path), text).not.toThrow();
		}
	});
});
