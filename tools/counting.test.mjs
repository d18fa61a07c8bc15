import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { capture, ROOT } from './run-command.mjs';

let folder;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'millrace-counting-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the reporter counts passed, failed and broken files, and keeps why something did not run', async () => {
	const file = join(folder, 'counts.json');
	const args = [
		'run',
		'--root',
		join(ROOT, 'test/fixtures/counts'),
		'--reporter',
		join(ROOT, 'tools/count-reporter.mjs'),
	];
	const env = { ...process.env, MILLRACE_COUNT_FILE: file };
	// Not by a call that waits: the vitest which runs this test gives up on a worker that does not answer.
	await capture(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), ...args], { env, cwd: folder });
	expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
		passed: 1,
		failures: [
			{ file: 'broken.test.mjs', what: 'the file itself', why: expect.stringContaining('not-there.mjs') },
			{ file: 'mixed.test.mjs', what: 'fails', why: 'expected 1 to be 2 // Object.is equality' },
		],
		notRun: [
			{ what: 'cannot run here', why: 'no such device' },
			{ what: 'is switched off', why: 'switched off in the test file' },
		],
	});
});

/** Runs .ci/run with an npm that says and does what is given for `npm test` and `npm run check`. */
const runCi = (test, check) => {
	mkdirSync(join(folder, '.ci'));
	copyFileSync(join(ROOT, '.ci/run'), join(folder, '.ci/run'));
	writeFileSync(join(folder, 'npm'), `#!/bin/sh\nif [ "$1" = test ]; then ${test}; else ${check}; fi\n`);
	chmodSync(join(folder, 'npm'), 0o755);
	const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` };
	const { status, stdout } = spawnSync('bash', [join(folder, '.ci/run')], { env, encoding: 'utf8' });
	return [status === 0, stdout.trimEnd().split('\n').at(-1)];
};

test.each([
	['echo "3 passed, 0 failed"', 'echo "4 passed, 0 failed"; echo npm notice >&2', true, '7 passed, 0 failed'],
	['echo "3 passed, 0 failed, 2 skipped"', 'echo "4 passed, 0 failed"', true, '7 passed, 0 failed'],
	['echo "3 passed, 2 failed"; exit 1', 'echo "4 passed, 0 failed"', false, '7 passed, 2 failed'],
	['echo "3 passed, 0 failed"; exit 1', 'echo "4 passed, 0 failed"', false, '7 passed, 1 failed'],
	['echo "no count"', 'echo "4 passed, 0 failed"', false, '4 passed, 1 failed'],
	['exit 7', 'exit 7', false, '0 passed, 2 failed'],
])('.ci/run adds up: %s; %s', (test, check, passes, line) => {
	expect(runCi(test, check)).toEqual([passes, line]);
});
