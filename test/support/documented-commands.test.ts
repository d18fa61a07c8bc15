import { Readable, Writable } from 'node:stream';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { Context } from '../../console/cli/context.ts';
import { buildProgram } from '../../console/cli/program.ts';
import { readEnvironment } from '../../console/cli/settings/environment.ts';
import { coordinatorCommands } from '../../coordinator/cli/program.ts';
import { documentedCommands, mentionedCommands, shellWords, UPKEEP_DOCUMENTS } from './documented-commands.ts';

const millraceCommands = (): Command =>
	buildProgram(
		new Context({
			environment: readEnvironment({}),
			stdin: Readable.from([]),
			stdout: new Writable(),
			stderr: new Writable(),
			signal: new AbortController().signal,
		}),
	);

/** What is run when none below is named; the library keeps it to itself. */
const defaultOf = (command: Command): Command | undefined => {
	const { _defaultCommandName: name } = command as unknown as { _defaultCommandName: string | null };
	return command.commands.find((one) => one.name() === name);
};

/** What of a command line its program does not know; null: nothing. */
const unknownIn = (program: Command, words: readonly string[]): string | null => {
	let command = program;
	const options = [...command.options];
	let rest = [...words];
	for (;;) {
		const named = command.commands.find((one) => one.name() === rest[0] || one.aliases().includes(rest[0] ?? ''));
		const below = named ?? defaultOf(command);
		if (!below) break;
		command = below;
		options.push(...below.options);
		if (named) rest = rest.slice(1);
	}
	const [next] = rest;
	if (command.commands.length > 0 && next !== undefined && !next.startsWith('-')) return next;
	const flags = rest.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0] ?? '');
	return flags.find((flag) => !options.some(({ long }) => long === flag)) ?? null;
};

test('whatever command the documents of upkeep name is there, with the options that they name', () => {
	const programs: Record<string, Command> = { millrace: millraceCommands(), coordinator: coordinatorCommands() };
	const all = UPKEEP_DOCUMENTS.flatMap((one) => [...mentionedCommands(one), ...documentedCommands(one)]);
	const ours = all.filter(({ command }) => /^(millrace|coordinator) /.test(command));
	expect(ours.length).toBeGreaterThan(40);
	const wrong = ours.flatMap(({ where, command }) => {
		const [program = '', ...words] = shellWords(command);
		const unknown = unknownIn(programs[program] as Command, words);
		return unknown === null ? [] : [`${where}: ${command}: ${unknown}`];
	});
	expect(wrong).toEqual([]);
});

test('a command or an option that is not there is named', () => {
	const commands = coordinatorCommands();
	expect(unknownIn(commands, ['backup', '--to', 'x', '--keep', '3'])).toBeNull();
	expect(unknownIn(commands, ['backup', '--into', 'x'])).toBe('--into');
	expect(unknownIn(commands, ['usage', 'check'])).toBe('check');
	expect(unknownIn(commands, ['back-up'])).toBe('back-up');
});

test('a command line is taken apart as a shell does it', () => {
	expect(shellWords(`a 'b c' "d e" --f=g # h`)).toEqual(['a', 'b c', 'd e', '--f=g']);
});
