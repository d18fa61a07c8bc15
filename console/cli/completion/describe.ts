import type { Argument, Command, Option } from 'commander';

export interface DescribedOption {
	/** `--state`, and `-R` where there is one. */
	flags: string[];
	description: string;
	/** Takes a value. */
	hasValue: boolean;
	/** The values it takes, when they are few. */
	choices: readonly string[];
}
export interface DescribedCommand {
	name: string;
	description: string;
	options: DescribedOption[];
	/** What its first argument can be, when it is one of few. */
	choices: readonly string[];
	/** Its arguments are files of this machine. */
	takesFiles: boolean;
}

const LOCAL_ARGUMENTS = ['paths', 'local'];

const describeOption = (option: Option): DescribedOption => ({
	flags: [option.long, option.short].filter((flag) => typeof flag === 'string'),
	description: option.description,
	hasValue: option.required || option.optional,
	choices: option.argChoices ?? [],
});

const HELP: DescribedOption = { flags: ['--help', '-h'], description: 'display help', hasValue: false, choices: [] };

/** The commands of a program as completion scripts need them. */
export const describeCommands = (program: Command): DescribedCommand[] =>
	program.commands.map((command) => {
		const args: readonly Argument[] = command.registeredArguments;
		return {
			name: command.name(),
			description: command.description(),
			// One command helps by itself.
			options: [...command.options.filter(({ long }) => long !== '--help').map(describeOption), HELP],
			choices: args[0]?.argChoices ?? [],
			takesFiles: args.some((argument) => LOCAL_ARGUMENTS.includes(argument.name())),
		};
	});
