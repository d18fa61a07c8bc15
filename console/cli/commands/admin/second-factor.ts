import { Argument, Command } from 'commander';
import { readSecondFactorRule, setSecondFactorRule } from '../../../../shared/client/second-factor.ts';
import { ROLES, type Role } from '../../../../shared/protocol/account.ts';
import { type Context, serverCommand } from '../../context.ts';
import type { ServerChoice } from '../../settings/connection.ts';

interface Options extends ServerChoice {
	json?: boolean;
}

const tell = ({ out }: Context, rule: { roles: readonly Role[] }, { json }: Options): void => {
	if (json) out.json(rule);
	else if (rule.roles.length === 0) out.line('No role needs a second factor.');
	else out.line(`A second factor is needed by: ${rule.roles.join(', ')}.`);
};

/** `millrace admin second-factor`: whose sign-ins must need a code. */
export const secondFactorCommand = (context: Context): Command =>
	new Command('second-factor')
		.description('which roles need a second factor (administrators)')
		.addCommand(
			serverCommand('show')
				.description('which roles need one')
				.option('--json', 'as JSON')
				.action(async (options: Options) => {
					const http = await context.connect(options);
					tell(context, await readSecondFactorRule(http, { signal: context.signal }), options);
				}),
		)
		.addCommand(
			serverCommand('require')
				.description('have these roles need one, and no others; none: nobody must')
				.addArgument(new Argument('<roles...>', 'of whom').choices([...ROLES, 'none']))
				.option('--json', 'as JSON')
				.addHelpText(
					'after',
					`
A session of somebody of these roles without one can only set it up; API tokens go on. You need one yourself first, where
your own role is among them: millrace two-factor on

Examples:
  millrace admin second-factor require administrator operator
  millrace admin second-factor require none`,
				)
				.action(async (roles: (Role | 'none')[], options: Options) => {
					const named = roles.filter((role) => role !== 'none');
					tell(context, await setSecondFactorRule(await context.connect(options), { roles: named }), options);
				}),
		);
