#!/usr/bin/env node
import { onClosedOutput } from '../../shared/closed-output.ts';
import { runCommandLine } from './program.ts';
import { readEnvironment } from './settings/environment.ts';

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
	process.on(signal, () => {
		// The first one ends things in order (what was transferred is kept); a second one ends at once.
		if (interrupt.signal.aborted) process.exit(130);
		interrupt.abort();
	});
}
onClosedOutput(process.stdout, { serves: false, exit: (code) => process.exit(code) });

process.exitCode = await runCommandLine(process.argv.slice(2), {
	environment: readEnvironment(process.env),
	stdin: process.stdin,
	stdout: process.stdout,
	stderr: process.stderr,
	signal: interrupt.signal,
});
