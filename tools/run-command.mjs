import { spawn } from 'node:child_process';
import { constants, getPriority, setPriority } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's top folder, wherever the caller stands. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Runs a program to its end, without standard input and with its output shown. Resolves to the exit code
 * (128 + signal number is not told apart: any signal is 1); rejects only when it cannot be started.
 */
export const run = (command, args, options = {}, whenSpawned = () => {}) =>
	new Promise((resolve, reject) => {
		const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], ...options });
		whenSpawned(child);
		child.once('error', reject);
		child.once('exit', (code) => resolve(code ?? 1));
	});

/** As `run`, but everything else goes first: it gets the processor's time that nobody else wants. Ends with us. */
export const runBehind = (command, args, options) => {
	const priority = Math.max(getPriority(), constants.priority.PRIORITY_BELOW_NORMAL);
	return run(command, args, options, (child) => {
		if (child.pid === undefined) return;
		setPriority(child.pid, priority);
		const end = () => child.kill();
		process.once('exit', end);
		child.once('exit', () => process.off('exit', end));
	});
};

/** As `run`, but gives back what the program wrote instead of showing it. */
export const capture = (command, args, options = {}) =>
	new Promise((resolve, reject) => {
		const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], ...options });
		let stdout = '';
		let stderr = '';
		child.stdout.setEncoding('utf8').on('data', (text) => {
			stdout += text;
		});
		child.stderr.setEncoding('utf8').on('data', (text) => {
			stderr += text;
		});
		child.once('error', reject);
		child.once('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
	});

/** Runs one of npm's own commands by the npm that started us, or else the one on the path. */
export const npm = (args) =>
	process.env.npm_execpath?.endsWith('.js')
		? run(process.execPath, [process.env.npm_execpath, ...args])
		: run('npm', args, { shell: process.platform === 'win32' });

/** Ends the program with a plain sentence instead of a stack trace. */
export const stopWith = (sentence, code = 1) => {
	process.stderr.write(`${sentence}\n`);
	process.exit(code);
};
