import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TempFolder } from '../../../test/support/temp-folder.ts';
import { Context } from '../context.ts';
import { buildProgram } from '../program.ts';
import { readEnvironment } from '../settings/environment.ts';
import { bashCompletion } from './bash.ts';
import { describeCommands } from './describe.ts';
import { zshCompletion } from './zsh.ts';

const sink = new Writable({ write: (_chunk, _encoding, done) => done() });
const context = new Context({
	environment: readEnvironment({}),
	stdin: process.stdin,
	stdout: sink,
	stderr: sink,
	signal: new AbortController().signal,
});
const commands = describeCommands(buildProgram(context));

const has = (program: string): boolean => {
	try {
		execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
};

let folder: TempFolder;
beforeAll(() => {
	folder = new TempFolder();
	writeFileSync(folder.join('millrace.bash'), bashCompletion(commands));
	writeFileSync(folder.join('_millrace'), zshCompletion(commands));
});
afterAll(() => folder[Symbol.asyncDispose]());

/** What a real bash offers for a command line whose last word is under the cursor. */
const offered = (...words: string[]): string[] => {
	const script = `
		source "$1"; shift
		compopt() { echo "compopt $*"; }
		COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
		_millrace
		printf '%s\\n' "\${COMPREPLY[@]}"`;
	const args = ['--norc', '--noprofile', '-c', script, 'bash', folder.join('millrace.bash'), 'millrace', ...words];
	return execFileSync('bash', args, { encoding: 'utf8' }).split('\n').filter(Boolean);
};

describe.skipIf(!has('bash'))('completion in bash', () => {
	it('is a valid script', () => {
		execFileSync('bash', ['-n', folder.join('millrace.bash')]);
	});

	it('completes commands', () => {
		expect(offered('')).toContain('whoami');
		expect(offered('lo')).toEqual(['login', 'logout']);
		expect(offered('task')).toEqual(['tasks', 'task', 'task-types']);
	});

	it('completes the options of the command, and nothing of the others', () => {
		expect(offered('upload', '--skip')).toEqual(['--skip-same']);
		expect(offered('ls', '--skip')).toEqual([]);
		expect(offered('ls', '--')).toContain('--recursive');
	});

	it('completes the values of options and arguments that are few', () => {
		expect(offered('tasks', '--state', 'qu')).toEqual(['queued', 'quarantined']);
		expect(offered('completion', '')).toEqual(['bash', 'zsh']);
	});

	it('leaves files of this machine to the shell', () => {
		expect(offered('upload', '')).toEqual(['compopt -o default']);
		expect(offered('rm', '')).toEqual([]);
	});
});

describe('completion in zsh', () => {
	it.skipIf(!has('zsh'))('is a valid script', () => {
		execFileSync('zsh', ['-n', folder.join('_millrace')]);
	});

	it('names every command and option', () => {
		const script = readFileSync(folder.join('_millrace'), 'utf8');
		for (const { name, options } of commands) {
			expect(script).toContain(`'${name}:`);
			for (const flag of options.flatMap(({ flags }) => flags)) expect(script).toContain(`'*${flag}[`);
		}
	});
});
