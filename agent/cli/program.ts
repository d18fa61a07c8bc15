import { Command, CommanderError } from 'commander';
import { AGENT_VERSION } from '../capabilities/advertise.ts';
import { BadSetting } from '../config/agent-config.ts';
import { Refused } from '../link/refusal.ts';
import { EXIT, EXIT_CODES } from './exit-codes.ts';
import { multiCommand } from './multi-command.ts';
import { probeCommand } from './probe-command.ts';
import { startCommand } from './start-command.ts';

const exitCodeOf = (error: unknown): number => {
	if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
	if (error instanceof BadSetting) return EXIT.usage;
	return error instanceof Refused ? EXIT.refused : EXIT.failure;
};

/** The commands of `agent`. Ends the process with an exit code of exit-codes.ts. */
export const buildProgram = (): { parseAsync(argv?: string[]): Promise<void> } => {
	const program = new Command('agent')
		.description('Does Millrace’s work on this machine: takes tasks from a coordinator, runs them, reports back.')
		.version(AGENT_VERSION)
		.addCommand(startCommand())
		.addCommand(multiCommand())
		.addCommand(probeCommand())
		.addHelpText(
			'after',
			`
Every option has an environment variable: MILLRACE_ and its name in capitals, as MILLRACE_WORK_DIR for --work-dir.
${EXIT_CODES}`,
		);
	for (const command of [program, ...program.commands.flatMap((one) => [one, ...one.commands])]) command.exitOverride();
	return {
		async parseAsync(argv = process.argv) {
			try {
				await program.parseAsync(argv);
			} catch (error) {
				// Commander has said its own already.
				if (!(error instanceof CommanderError)) console.error(`agent: ${(error as Error).message}`);
				process.exitCode = exitCodeOf(error);
			}
		},
	};
};
