import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { DriveClient } from './drive-client.ts';
import { TempFolder } from './temp-folder.ts';

/** Tests of each suite of litmus 0.13, `init` and `finish` among them. */
const SUITES = { basic: 16, copymove: 13, props: 30, locks: 41, http: 4 };

/** Whether litmus is on this machine. */
export const hasLitmus = existsSync('/usr/bin/litmus');

/** What a line of its output says: a test's number and name, and how it ended. A test that warned ends on a line of dots. */
const readLines = (output: string): { passed: number; troubles: string[] } => {
	let last = '';
	let passed = 0;
	const troubles: string[] = [];
	for (const line of output.split(/[\r\n]+/)) {
		const named = /^ *\d+\. ([^\s.]+)\.* *(pass|FAIL|SKIPPED|OOPS)?(.*)$/.exec(line);
		const dots = /^ *\.\.+ +(pass|FAIL|SKIPPED|OOPS)(.*)$/.exec(line);
		if (named) last = named[1] ?? '';
		const verdict = named ? named[2] : dots?.[1];
		if (verdict === 'pass') passed += 1;
		else if (verdict !== undefined) troubles.push(`${last}: ${line.trim()}`);
	}
	return { passed, troubles };
};

/** Runs every suite against a folder of the drive. Skipped tests, and those that a suite never came to, did not pass. */
export const runLitmus = async (
	drive: DriveClient,
	folder: string,
): Promise<{ passed: number; of: number; troubles: string[] }> => {
	await using home = new TempFolder();
	const all = { passed: 0, of: 0, troubles: [] as string[] };
	for (const [suite, count] of Object.entries(SUITES)) {
		const ran = spawnSync('litmus', ['-k', drive.at(`${folder}/`), drive.username, drive.password], {
			cwd: home.path,
			env: { ...process.env, TESTS: suite },
			encoding: 'utf8',
			timeout: 120_000,
		});
		const { passed, troubles } = readLines(ran.stdout);
		all.passed += passed;
		all.of += count;
		all.troubles.push(...troubles.map((trouble) => `${suite}: ${trouble}`));
		const silent = count - passed - troubles.length;
		if (silent > 0) all.troubles.push(`${suite}: ${silent} were not run: ${ran.stdout.slice(-500)} ${ran.stderr}`);
	}
	return all;
};
