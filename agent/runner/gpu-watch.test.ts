import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { makeAssignment } from '../../test/support/make-assignment.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { Attempt } from '../slots/attempt.ts';
import { AttemptMeter } from './attempt-meter.ts';
import { GpuWatch, PmonReader } from './gpu-watch.ts';

const folder = new TempFolder();
afterAll(() => folder[Symbol.asyncDispose]());

const HEADING =
	'# gpu        pid  type    sm   mem   enc   dec   command\n# Idx          #   C/G     %     %     %     %   name';

test('lines of nvidia-smi are read by the names of their columns', () => {
	const reader = new PmonReader();
	expect(reader.read('    0       1234     C    45    10     -     -   python')).toBeNull();
	for (const line of HEADING.split('\n')) expect(reader.read(line)).toBeNull();
	expect(reader.read('    0       1234     C    45    10     -     -   python')).toEqual({ pid: 1234, share: 0.45 });
	for (const line of [
		'    0          -     -     -     -     -     -   -',
		'    0  1234  C  -  -  -  -  x',
		'Failed',
		'',
		'0 1 C 9',
	])
		expect(reader.read(line)).toBeNull();
	expect(reader.read('0 1234 C 900 - - - x')).toBeNull();
	reader.read('# gpu pid type fb sm');
	expect(reader.read('1 77 C 500 100')).toEqual({ pid: 77, share: 1 });
});

test('what the processes of an attempt have computed is counted for it, and nothing of others', async () => {
	const child = spawn('/bin/sh', ['-c', 'sleep 600 & wait'], { detached: true });
	const [mine, other] = [1, 2].map((run) => new Attempt(makeAssignment('noop'), run, 0, 30_000));
	if (!mine || !other) throw new Error('no attempts');
	for (const attempt of [mine, other]) attempt.meter = new AttemptMeter(0, null);
	mine.pid = child.pid ?? null;
	const program = folder.join('nvidia-smi');
	const line = (pid: number | undefined, percent: number) => `0 ${pid} C ${percent} 1 - - x`;
	const said = [HEADING, line(child.pid, 40), line(process.pid, 90), line(child.pid, 35)].join('\n');
	writeFileSync(program, `#!/bin/sh\ncat <<'END'\n${said}\nEND\n`);
	chmodSync(program, 0o755);
	const end = await new Promise<string>((resolve) => {
		new GpuWatch(program, () => [other, mine], resolve);
	});
	expect(end).toBe('it ended with exit code 0');
	await expect.poll(() => mine.usage(1).gpuMs).toBe(750);
	expect(other.usage(1).gpuMs).toBeUndefined();
	process.kill(-(child.pid ?? 0), 'SIGKILL');
	await once(child, 'exit');
});
