import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program on the path, or null. */
export const findProgram = (name: string): string | null =>
	(process.env.PATH ?? '')
		.split(delimiter)
		.map((folder) => join(folder, name))
		.find((path) => existsSync(path)) ?? null;

/** One system call in the order of the kernel: where it began and where it ended. */
export interface Call {
	name: string;
	/** Arguments as strace writes them, file descriptors with their paths. */
	text: string;
	result: string;
	beganAt: number;
	endedAt: number;
}

/**
 * The command line that runs another under strace, writing these calls of all its threads into the file. The other keeps
 * its place as our child (-D), so that signals reach it.
 */
export const underStrace = (file: string, calls: readonly string[], argv: readonly string[]): readonly string[] => [
	...['strace', '-D', '-f', '-yy', '-s', '200', '-e', `trace=${calls.join(',')}`, '-e', 'signal=none', '-o', file],
	...argv,
];

const WHOLE = /^(\d+)\s+(\w+)\((.*)\)\s+= (.+)$/;
const BEGUN = /^(\d+)\s+(\w+)\((.*) <unfinished \.\.\.>$/;
const RESUMED = /^(\d+)\s+<\.\.\. (\w+) resumed>(.*)\)\s+= (.+)$/;

/**
 * The calls of a log. A line is one moment: strace writes a call that others come between in two lines, so a call's
 * beginning and end are the numbers of its lines.
 */
export const readStrace = (file: string): Call[] => {
	const calls: Call[] = [];
	const open = new Map<string, Call>();
	for (const [at, line] of readFileSync(file, 'latin1').split('\n').entries()) {
		const whole = WHOLE.exec(line);
		if (whole) {
			const [, , name = '', text = '', result = ''] = whole;
			calls.push({ name, text, result, beganAt: at, endedAt: at });
			continue;
		}
		const begun = BEGUN.exec(line);
		if (begun) {
			const [, thread = '', name = '', text = ''] = begun;
			const call = { name, text, result: '', beganAt: at, endedAt: Number.POSITIVE_INFINITY };
			open.set(thread, call);
			calls.push(call);
			continue;
		}
		const resumed = RESUMED.exec(line);
		const call = resumed && open.get(resumed[1] ?? '');
		if (resumed && call) {
			call.text += resumed[3];
			call.result = resumed[4] ?? '';
			call.endedAt = at;
			open.delete(resumed[1] ?? '');
		}
	}
	return calls;
};
