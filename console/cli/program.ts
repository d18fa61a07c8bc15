import { Command, CommanderError } from 'commander';
import { adminCommand } from './commands/admin/admin.ts';
import { againCommand } from './commands/again.ts';
import { appPasswordsCommand } from './commands/app-passwords.ts';
import { completionCommand } from './commands/completion.ts';
import { datasetsCommand } from './commands/datasets.ts';
import { doctorCommand } from './commands/doctor.ts';
import { getCommand } from './commands/get.ts';
import { jobCommand } from './commands/job.ts';
import { jobsCommand } from './commands/jobs.ts';
import { loginCommand } from './commands/login.ts';
import { logoutCommand } from './commands/logout.ts';
import { lsCommand } from './commands/ls.ts';
import { meCommand } from './commands/me.ts';
import { nodeCommand } from './commands/node.ts';
import { nodesCommand } from './commands/nodes.ts';
import { noticesCommand } from './commands/notices.ts';
import { provenanceCommand } from './commands/provenance.ts';
import { recipesCommand } from './commands/recipes.ts';
import { rmCommand } from './commands/rm.ts';
import { runCommand } from './commands/run.ts';
import { schedulesCommand } from './commands/schedules.ts';
import { secretsCommand } from './commands/secrets.ts';
import { sourcesCommand } from './commands/sources.ts';
import { statementCommand } from './commands/statement.ts';
import { taskCommand } from './commands/task.ts';
import { taskTypesCommand } from './commands/task-types.ts';
import { tasksCommand } from './commands/tasks.ts';
import { twoFactorCommand } from './commands/two-factor.ts';
import { uploadCommand } from './commands/upload.ts';
import { usageCommand } from './commands/usage.ts';
import { versionCommand } from './commands/version.ts';
import { webhooksCommand } from './commands/webhooks.ts';
import { whoamiCommand } from './commands/whoami.ts';
import { Context, type Surroundings } from './context.ts';
import { EXIT, EXIT_CODES_HELP, type ExitCode } from './exit-codes.ts';
import { explain } from './failure.ts';
import { CLI_VERSION } from './version.ts';

/** All commands of `millrace`. */
export const buildProgram = (context: Context): Command => {
	const program = new Command('millrace')
		.description('Uploads files, processes them on many machines, and brings results back.')
		.version(CLI_VERSION)
		.addCommand(loginCommand(context))
		.addCommand(logoutCommand(context))
		.addCommand(whoamiCommand(context))
		.addCommand(doctorCommand(context))
		.addCommand(meCommand(context))
		.addCommand(uploadCommand(context))
		.addCommand(lsCommand(context))
		.addCommand(getCommand(context))
		.addCommand(rmCommand(context))
		.addCommand(runCommand(context))
		.addCommand(tasksCommand(context))
		.addCommand(taskCommand(context))
		.addCommand(datasetsCommand(context))
		.addCommand(againCommand(context))
		.addCommand(provenanceCommand(context))
		.addCommand(secretsCommand(context))
		.addCommand(taskTypesCommand(context))
		.addCommand(schedulesCommand(context))
		.addCommand(sourcesCommand(context))
		.addCommand(recipesCommand(context))
		.addCommand(jobsCommand(context))
		.addCommand(jobCommand(context))
		.addCommand(noticesCommand(context))
		.addCommand(webhooksCommand(context))
		.addCommand(usageCommand(context))
		.addCommand(statementCommand(context))
		.addCommand(appPasswordsCommand(context))
		.addCommand(twoFactorCommand(context))
		.addCommand(nodesCommand(context))
		.addCommand(nodeCommand(context))
		.addCommand(adminCommand(context))
		.addCommand(versionCommand(context));
	program.addCommand(completionCommand(context, program));
	program.addHelpText(
		'after',
		`
Environment:
  MILLRACE_URL       the server, instead of the one signed in to
  MILLRACE_TOKEN     an API token, instead of the stored one
  MILLRACE_PASSWORD  the password, for millrace login
  NO_COLOR           no colours
${EXIT_CODES_HELP}`,
	);
	return program;
};

/** A command and all below it, each with what one writes to call it. */
const withNames = function* (command: Command, name: string): Generator<{ command: Command; name: string }> {
	yield { command, name };
	for (const below of command.commands) yield* withNames(below, `${name} ${below.name()}`);
};

/** Runs one command line to its end; answers with the exit code and never throws. */
export const runCommandLine = async (argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> => {
	const context = new Context(surroundings);
	const program = buildProgram(context);
	for (const { command, name } of withNames(program, 'millrace')) {
		command.exitOverride();
		command.showHelpAfterError(`See: ${name} --help`);
		command.configureOutput({
			outputError: (text, write) => write(text.replace(/^error: /, 'millrace: ')),
			writeOut: (text) => surroundings.stdout.write(text),
			writeErr: (text) => surroundings.stderr.write(text),
		});
	}
	try {
		await program.parseAsync(argv, { from: 'user' });
		return EXIT.ok;
	} catch (error) {
		// Commander has said its own already.
		if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
		if (surroundings.signal.aborted) return EXIT.interrupted;
		const { sentence, exitCode } = explain(error);
		context.out.error(sentence);
		return exitCode;
	}
};
