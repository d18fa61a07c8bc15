import { Command } from 'commander';
import { changeUser } from '../../../../shared/client/users.ts';
import { type Context, serverCommand } from '../../context.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { findUserId } from './find-user.ts';

const giveClass = async (
	context: Context,
	named: string,
	serviceClass: string,
	options: ServerChoice & { json?: boolean },
): Promise<void> => {
	const http = await context.connect(options);
	const id = await findUserId(http, named, context.signal);
	const user = await changeUser(http, id, { serviceClass: serviceClass === 'none' ? null : serviceClass });
	if (options.json) context.out.json(user);
	else if (user.serviceClass !== null) context.out.line(`${user.username} is in the class ${user.serviceClass}.`);
	else context.out.line(`${user.username} has no class of their own: the groups decide, else it is standard.`);
};

/** `millrace admin user`: what is given to single people. */
export const userCommand = (context: Context): Command => {
	const command = new Command('user').description('what is given to single people (administrators)');
	command.addCommand(
		serverCommand('class')
			.description('give somebody a service class; none: the groups decide')
			.argument('<user>', 'name or id')
			.argument('<class>', 'name of the class, or none')
			.option('--json', 'as JSON')
			.addHelpText(
				'after',
				`
Examples:
  millrace admin user class ada priority
  millrace admin user class ada none`,
			)
			.action((user: string, serviceClass: string, options: ServerChoice) =>
				giveClass(context, user, serviceClass, options),
			),
	);
	return command;
};
