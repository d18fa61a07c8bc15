import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { WorkDir } from './work-dir.ts';

const folder = new TempFolder();
const children: ChildProcess[] = [];
afterAll(async () => {
	for (const child of children) child.kill('SIGKILL');
	await folder[Symbol.asyncDispose]();
});

/** What another agent does: takes the lock, writes its number, and stays. */
const HOLD = `
	const [sqlite, path] = process.argv.slice(1);
	const db = new (require(sqlite))(path + '/agent.lock');
	db.exec('BEGIN EXCLUSIVE');
	require('fs').writeFileSync(path + '/agent.pid', process.pid + '\\n');
	console.log(process.pid);
	setInterval(() => {}, 1e6);
`;
const SQLITE = createRequire(import.meta.url).resolve('better-sqlite3');

/** An agent in a process of its own, whose parent does not ask how it ended. Gives its process id. */
const otherAgent = async (path: string): Promise<number> => {
	mkdirSync(path, { recursive: true });
	const script = `"$0" -e "$1" "$2" "$3" & exec sleep 300`;
	const parent = spawn('sh', ['-c', script, process.execPath, HOLD, SQLITE, path], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	children.push(parent);
	const [line] = await once(parent.stdout as NodeJS.ReadableStream, 'data');
	return Number(line);
};

describe('a work folder', () => {
	it('is for its account alone, and free again afterwards', () => {
		const path = folder.join('one', 'agent');
		const workDir = WorkDir.take(path);
		expect(statSync(path).mode & 0o777).toBe(0o700);
		expect(readFileSync(`${path}/agent.pid`, 'utf8')).toBe(`${process.pid}\n`);
		workDir.release();
		expect(existsSync(`${path}/agent.pid`)).toBe(false);
		WorkDir.take(path).release();
	});

	it.skipIf(process.platform !== 'linux')(
		'has one living agent at a time; one that was killed is none, also while nobody has buried it',
		async () => {
			const path = folder.join('two');
			const pid = await otherAgent(path);
			expect(() => WorkDir.take(path)).toThrow(new RegExp(`in use by the agent with process id ${pid}.*--work-dir`));
			process.kill(pid, 'SIGKILL');
			WorkDir.take(path).release();
			await vi.waitFor(() => expect(readFileSync(`/proc/${pid}/stat`, 'latin1')).toContain(') Z '), {
				timeout: 30_000,
			});
			WorkDir.take(path).release();
		},
	);

	it.each(['', '-1 5', `${process.ppid} 1`])('with %j left behind by a dead agent is taken, and only once', (text) => {
		const path = folder.join(`left-${text.length}-${text.charCodeAt(0)}`);
		mkdirSync(path);
		writeFileSync(`${path}/agent.pid`, text);
		const workDir = WorkDir.take(path);
		expect(() => WorkDir.take(path)).toThrow(`process id ${process.pid}`);
		workDir.release();
	});
});
