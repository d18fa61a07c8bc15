import { TestProcess } from './test-process.ts';

/** Runs a command to its end and gives back its last lines; throws, with them, when it fails. */
export const runToEnd = async (
	argv: readonly string[],
	options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<string> => {
	const command = new TestProcess(argv.join(' '), argv, options);
	const { code, signal } = await command.exited;
	if (code !== 0) throw new Error(`${command.name} ended with ${signal ?? code}\n${command.tail}`);
	return command.tail;
};
