import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './run-command.mjs';
import { coordinatorArgs, readUpOptions } from './up-options.mjs';

const up = (...args) => spawnSync(process.execPath, [join(ROOT, 'tools/up.mjs'), ...args], { encoding: 'utf8' });

test('npm run up tells its options when asked, and starts nothing', () => {
	const { status, stdout } = up('--help');
	expect(status).toBe(0);
	expect(stdout).toContain('npm run up -- [options]');
	expect(stdout).toContain('--port <PORT>');
});

test('npm run up tells the coordinator where to back up to, when that is said', () => {
	const given = (...args) => coordinatorArgs(readUpOptions(args, { MILLRACE_PORT: '9000' }));
	expect(given()).toEqual(['--host', '127.0.0.1', '--port', '9000', '--data', 'data']);
	expect(given('--backup-to', '/mnt/backup').slice(-2)).toEqual(['--backup-to', '/mnt/backup']);
});

test.each([[['--nope']], [['extra']], [['--port', 'abc']], [['--port', '70000']], [['--port']]])(
	'npm run up %j is wrong usage, told without a stack trace',
	(args) => {
		const { status, stderr } = up(...args);
		expect(status).toBe(2);
		expect(stderr).not.toBe('');
		expect(stderr).not.toMatch(/^\s+at /m);
	},
);
