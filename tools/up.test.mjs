import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './run-command.mjs';

const up = (...args) => spawnSync(process.execPath, [join(ROOT, 'tools/up.mjs'), ...args], { encoding: 'utf8' });

test('npm run up tells its options when asked, and starts nothing', () => {
	const { status, stdout } = up('--help');
	expect(status).toBe(0);
	expect(stdout).toContain('npm run up -- [options]');
	expect(stdout).toContain('--port <PORT>');
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
