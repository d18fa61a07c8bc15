import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { CommandLaunch } from '../tasks/child-messages.ts';
import { inputError, TaskFailure } from '../tasks/task-failure.ts';
import type { JsonObject } from '../tasks/task-module.ts';
import { collectOutputs, readResult } from './command-results.ts';
import { familyOf } from './descendants.ts';

import { LineSplitter } from './line-splitter.ts';
import type { RunContext } from './run-context.ts';
import { guardGroup } from './watchdog.ts';

/** As sysexits.h has them: bad data, and try again later. */
const EXIT_BAD_INPUT = 65;
const EXIT_TRY_AGAIN = 75;
/** The file size limit was hit; shells and bubblewrap report a signal as 128 + its number. */
const EXIT_FILE_SIZE = 128 + 25;

interface Ending {
	code: number | null;
	signal: NodeJS.Signals | null;
	lastError: string;
}

/** Asks every process of the command to end, except bubblewrap's own, which would take the others down unasked. */
const askToEnd = (pid: number): void => {
	for (const member of familyOf(pid)) {
		if (member.name === 'bwrap') continue;
		try {
			process.kill(member.pid, 'SIGTERM');
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
		}
	}
};

const killGroup = (pid: number): void => {
	try {
		process.kill(-pid, 'SIGKILL');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
	}
};

const runToEnd = (launch: CommandLaunch, context: RunContext, onStarted: (pid: number) => void): Promise<Ending> =>
	new Promise((resolve, reject) => {
		const [program = '', ...args] = launch.argv;
		const child = spawn(program, args, {
			cwd: launch.cwd,
			env: launch.env,
			stdio: ['ignore', 'pipe', 'pipe'],
			detached: true,
		});
		let lastError = '';
		const out = new LineSplitter((text) => context.logLine({ stream: 'out', text }));
		const err = new LineSplitter((text) => {
			if (text.trim()) lastError = text;
			context.logLine({ stream: 'err', text });
		});
		child.stdout.on('data', (chunk: Buffer) => out.add(chunk));
		child.stderr.on('data', (chunk: Buffer) => err.add(chunk));
		child.once('error', (cause) => {
			const message = `The program ${program} could not be started: ${cause.message}.`;
			reject(new TaskFailure({ class: 'permanent', code: 'command-not-started', message }, { cause }));
		});
		if (child.pid === undefined) return;
		const { pid } = child;
		guardGroup(pid);
		onStarted(pid);
		const onAbort = () => askToEnd(pid);
		if (context.signal.aborted) onAbort();
		else context.signal.addEventListener('abort', onAbort, { once: true });
		// What the program has left behind in its group would keep its pipes open: `exit`, not `close`, is its end.
		child.once('exit', () => killGroup(pid));
		child.once('close', (code, signal) => {
			guardGroup(0);
			out.end();
			err.end();
			resolve({ code, signal, lastError: lastError.slice(0, 1000) });
		});
	});

const failureFor = ({ code, signal, lastError }: Ending): TaskFailure => {
	const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
	const message = `The program ${how}${lastError ? `: ${lastError}` : '.'}`;
	if (code === EXIT_BAD_INPUT) return inputError('command-input-error', message);
	if (code === EXIT_FILE_SIZE || signal === 'SIGXFSZ') {
		return new TaskFailure({ class: 'resource', code: 'output-limit', message: 'The program wrote too large a file.' });
	}
	const failureCode = code === EXIT_TRY_AGAIN ? 'command-try-again' : 'command-failed';
	return new TaskFailure({ class: 'transient', code: failureCode, message });
};

/** Runs a command task's program to its end; what it left in its folders becomes the result and the outputs. */
export const runCommand = async (
	launch: CommandLaunch,
	folder: string,
	context: RunContext,
	onStarted: (pid: number) => void,
): Promise<JsonObject> => {
	const ending = await runToEnd(launch, context, onStarted);
	if (ending.code !== 0) throw failureFor(ending);
	await collectOutputs(join(folder, 'outputs'), context);
	return readResult(join(folder, 'result.json'));
};
