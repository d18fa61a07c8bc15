import { Argument, Command } from 'commander';
import { readLog, setLogLevel } from '../../../../shared/client/settings.ts';
import { LOG_LEVELS, type LogLevel, type LogView } from '../../../../shared/protocol/about.ts';
import { readableLogLine } from '../../../../shared/readable-log-line.ts';
import { type Context, serverCommand } from '../../context.ts';
import { wholeNumber } from '../../number-option.ts';
import type { ServerChoice } from '../../settings/connection.ts';

interface Options extends ServerChoice {
	json?: boolean;
}

const levelInWords = ({ level, startLevel }: LogView): string =>
	level === startLevel ? `The level is ${level}.` : `The level is ${level} until the next start, then ${startLevel}.`;

/** `millrace admin log`: the coordinator's newest lines, and how much it writes. */
export const logCommand = (context: Context): Command => {
	const command = new Command('log').description(
		'the newest lines of the coordinator’s log, and how much it writes (administrators)',
	);
	command.addCommand(
		serverCommand('show')
			.description('the newest lines, oldest first')
			.option('--lines <N>', 'at most so many', wholeNumber(1, 1_000), 200)
			.option('--json', 'as JSON: {"level", "startLevel", "lines"}')
			.addHelpText('after', '\nExamples:\n  millrace admin log\n  millrace admin log show --lines 20')
			.action(async ({ lines, json, ...server }: Options & { lines: number }) => {
				const view = await readLog(await context.connect(server), lines, { signal: context.signal });
				if (json) return context.out.json(view);
				for (const line of view.lines) context.out.line(readableLogLine(line).trimEnd());
				context.out.note(levelInWords(view));
			}),
		{ isDefault: true },
	);
	command.addCommand(
		serverCommand('level')
			.description('write more or less from now on, until the next start')
			.addArgument(new Argument('<level>', 'how much is written').choices(LOG_LEVELS))
			.option('--json', 'as JSON')
			.addHelpText('after', '\nExample:\n  millrace admin log level debug')
			.action(async (level: LogLevel, options: Options) => {
				const view = await setLogLevel(await context.connect(options), level);
				if (options.json) context.out.json(view);
				else context.out.line(levelInWords(view));
			}),
	);
	return command;
};
