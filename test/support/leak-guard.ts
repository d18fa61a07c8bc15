import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { afterAll } from 'vitest';
import { TEMP_PREFIX } from './temp-folder.ts';
import { RUN_MARK, RUN_MARK_VARIABLE } from './test-process.ts';
import { waitFor } from './wait-for.ts';

const read = (get: () => string): string => {
	try {
		return get();
	} catch {
		// The process ended while we looked, or it is not ours to read.
		return '';
	}
};

/** What is still running of what this test file started: by the mark in the environment, or by its temporary folder. */
export const leftoverProcesses = (): { pid: number; command: string }[] => {
	if (process.platform !== 'linux') return [];
	const found = [];
	for (const name of readdirSync('/proc')) {
		const pid = Number(name);
		if (!Number.isInteger(pid) || pid === process.pid) continue;
		const command = read(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim());
		// Kernel threads and zombies have no command line.
		if (command === '') continue;
		const environment = read(() => readFileSync(`/proc/${pid}/environ`, 'utf8'));
		const folder = read(() => readlinkSync(`/proc/${pid}/cwd`));
		const marked = environment.split('\0').includes(`${RUN_MARK_VARIABLE}=${RUN_MARK}`);
		if (marked || command.includes(TEMP_PREFIX) || folder.includes(TEMP_PREFIX)) found.push({ pid, command });
	}
	return found;
};

/** Waits until everything the test file started is gone; what is not gone in time is killed and named in the error. */
export const assertNoLeftovers = async (withinMs = 10_000): Promise<void> => {
	try {
		await waitFor('every process of this test file to end', () => leftoverProcesses().length === 0, {
			withinMs,
			lastSeen: leftoverProcesses,
		});
	} catch (error) {
		for (const { pid } of leftoverProcesses()) {
			try {
				process.kill(pid, 'SIGKILL');
			} catch (gone) {
				if ((gone as NodeJS.ErrnoException).code !== 'ESRCH') throw gone;
			}
		}
		throw error;
	}
};

// As a set-up file of vitest: its hook was registered first, so it runs last, after the file's own clean-up.
afterAll(() => assertNoLeftovers());
