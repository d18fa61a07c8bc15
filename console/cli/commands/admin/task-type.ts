import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { checkTaskType, installTaskType, retireTaskType } from '../../../../shared/client/task-types.ts';
import { CodedError } from '../../../../shared/coded-error.ts';
import { type Context, serverCommand } from '../../context.ts';
import { usageError } from '../../failure.ts';
import type { ServerChoice } from '../../settings/connection.ts';

interface Options extends ServerChoice {
	json?: boolean;
	force?: boolean;
}

/** As the server takes it; a larger file is none. */
const MOST_CHARACTERS = 64 * 1024;

const manifestIn = async (file: string): Promise<Record<string, unknown>> => {
	const text = await readFile(file, 'utf8');
	if (text.length > MOST_CHARACTERS) throw usageError(`${file} is larger than a manifest may be, 64 KiB.`);
	try {
		const value: unknown = JSON.parse(text);
		if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
	} catch (cause) {
		throw new CodedError('bad-json', `${file} is not JSON: ${(cause as Error).message}`, { cause });
	}
	throw usageError(`${file} must hold a manifest: a JSON object with name, title, routingKey and command.`);
};

/** `millrace admin task-type`: which programs people can run. */
export const taskTypeCommand = (context: Context): Command => {
	const command = new Command('task-type')
		.description('task types that run a program: check, install, retire')
		.addHelpText(
			'after',
			`
A node offers a task type when its program lies in the folder of agent start --task-types;
installing the manifest here tells everybody else of it. See what there is with: millrace task-types`,
		);
	command.addCommand(
		serverCommand('check')
			.description('say whether a manifest could be installed; nothing is changed')
			.argument('<file>', 'manifest.json')
			.option('--json', 'as JSON: the manifest with its defaults')
			.action(async (file: string, { json, ...choice }: Options) => {
				const given = await manifestIn(file);
				const manifest = await checkTaskType(await context.connect(choice), given, { signal: context.signal });
				if (json) context.out.json(manifest);
				else context.out.line(`${file} is good: it would install ${manifest.name}, “${manifest.title}”.`);
			}),
	);
	command.addCommand(
		serverCommand('install')
			.description('offer a task type to everybody; a changed manifest becomes its next version')
			.argument('<file>', 'manifest.json')
			.option('--json', 'as JSON: {"name", "version"}')
			.addHelpText(
				'after',
				`
Examples:
  millrace admin task-type check shrink/manifest.json && millrace admin task-type install shrink/manifest.json
  millrace run shrink /photo.jpg --width 200

Tasks that are there keep the version that they were made with.`,
			)
			.action(async (file: string, { json, ...choice }: Options) => {
				const given = await manifestIn(file);
				const answer = await installTaskType(await context.connect(choice), given, { signal: context.signal });
				if (json) context.out.json(answer);
				else context.out.line(`${answer.name} is installed, version ${answer.version}.`);
			}),
	);
	command.addCommand(
		serverCommand('retire')
			.description('take an installed task type away: its open tasks run on, new ones are refused')
			.argument('<name>')
			.option('--force', 'also while recipes or schedules use it: they are broken until it is installed again')
			.option('--json', 'as JSON: {"name", "retired"}')
			.action(async (name: string, { json, force, ...choice }: Options) => {
				await retireTaskType(await context.connect(choice), name, force);
				if (json) context.out.json({ name, retired: true });
				else context.out.line(`${name} is retired; installing it again brings it back.`);
			}),
	);
	return command;
};
