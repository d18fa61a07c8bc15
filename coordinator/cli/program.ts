import { Command, CommanderError } from 'commander';
import { CodedError } from '../../shared/coded-error.ts';
import { BadSetting } from '../config/coordinator-config.ts';
import { MILLRACE_VERSION } from '../config/version.ts';
import { FileTrouble } from '../database/file-trouble.ts';
import { auditCommand } from './audit-command.ts';
import { backupCommand } from './backup-command.ts';
import { diagnoseCommand } from './diagnose-command.ts';
import { EXIT } from './exit-codes.ts';
import { journalCommand } from './journal-command.ts';
import { nodeTokenCommand } from './node-token-command.ts';
import { restoreCommand } from './restore-command.ts';
import { startCommand } from './start-command.ts';
import { usageCommand } from './usage-command.ts';
import { userCommand } from './user-command.ts';
import { verifyCommand } from './verify-command.ts';

/** So long the last words may take to get out. */
const WRITE_OUT_MS = 200;

const exitCodeOf = (error: unknown): number => {
	if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
	if (error instanceof FileTrouble) return EXIT.fatal;
	return error instanceof BadSetting ? EXIT.usage : EXIT.failure;
};

/** The commands of `coordinator`, as they are told and parsed. */
export const coordinatorCommands = (): Command =>
	new Command('coordinator')
		.description('Keeps Millrace’s queues, people and files, and hands tasks to agents.')
		.version(MILLRACE_VERSION)
		.addCommand(startCommand())
		.addCommand(nodeTokenCommand())
		.addCommand(userCommand())
		.addCommand(journalCommand())
		.addCommand(backupCommand())
		.addCommand(restoreCommand())
		.addCommand(verifyCommand())
		.addCommand(usageCommand())
		.addCommand(auditCommand())
		.addCommand(diagnoseCommand())
		.addHelpText(
			'after',
			`
Every option has an environment variable: MILLRACE_ and its name in capitals, as MILLRACE_LOG_LEVEL for --log-level.
Exit codes: 0 done, 1 failure, 2 wrong usage, 70 the disk or the database failed or cannot be used.`,
		);

/** Runs them. Ends the process with an exit code of exit-codes.ts. */
export const buildProgram = (): { parseAsync(argv?: string[]): Promise<void> } => {
	const program = coordinatorCommands();
	for (const command of [program, ...program.commands.flatMap((one) => [one, ...one.commands])]) command.exitOverride();
	return {
		async parseAsync(argv = process.argv) {
			try {
				await program.parseAsync(argv);
			} catch (error) {
				// Commander has said its own already.
				if (!(error instanceof CommanderError)) {
					const isSentence = [CodedError, BadSetting, FileTrouble].some((kind) => error instanceof kind);
					console.error('coordinator:', isSentence ? (error as Error).message : error);
				}
				process.exitCode = exitCodeOf(error);
				// Threads and timers of a start that failed half-way would keep the process and its lock for ever.
				setTimeout(() => process.exit(), WRITE_OUT_MS).unref();
			}
		},
	};
};
