import { Command } from 'commander';
import { testAlerts } from '../../../../shared/client/mail.ts';
import { type Context, serverCommand } from '../../context.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { counted } from '../../terminal/words.ts';

/** `millrace admin alerts`: whether what is wrong would reach anybody. */
export const alertsCommand = (context: Context): Command =>
	new Command('alerts').description('try out whether alerts reach people (administrators)').addCommand(
		serverCommand('test')
			.description('tell all administrators, their webhooks and the mail recipients something that means nothing')
			.option('--json', 'as JSON')
			.addHelpText('after', '\nExamples:\n  millrace admin alerts test\n  millrace webhooks deliveries ops')
			.action(async (options: ServerChoice & { json?: boolean }) => {
				const told = await testAlerts(await context.connect(options));
				if (options.json) return context.out.json(told);
				const { administrators, webhooks, mail } = told;
				context.out.line(`${counted(administrators, 'administrator')} got a notice.`);
				context.out.line(
					webhooks === 0
						? 'No webhook wants to hear of health: millrace webhooks create ops URL --on health'
						: `${counted(webhooks, 'webhook delivery', 'webhook deliveries')} on the way: millrace webhooks deliveries NAME`,
				);
				context.out.line(
					mail ? 'A mail is on its way: millrace admin mail show' : 'No mail: millrace admin mail set --help',
				);
			}),
	);
