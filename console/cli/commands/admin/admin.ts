import { Command } from 'commander';
import type { Context } from '../../context.ts';
import { actsCommand } from './acts.ts';
import { alertsCommand } from './alerts.ts';
import { auditCommand } from './audit.ts';
import { backupsCommand } from './backups.ts';
import { budgetsCommand } from './budgets.ts';
import { choresCommand } from './chores.ts';
import { classCommand } from './class.ts';
import { diagnoseCommand } from './diagnose.ts';
import { explainCommand } from './explain.ts';
import { groupCommand } from './group.ts';
import { historyCommand } from './history.ts';
import { logCommand } from './log.ts';
import { mailCommand } from './mail.ts';
import { nodeCommand } from './node.ts';
import { policyCommand } from './policy.ts';
import { pricesCommand } from './prices.ts';
import { quarantineCommand } from './quarantine.ts';
import { queueCommand } from './queue.ts';
import { secondFactorCommand } from './second-factor.ts';
import { settingsCommand } from './settings.ts';
import { adminStatementCommand } from './statement.ts';
import { storageCommand } from './storage.ts';
import { taskTypeCommand } from './task-type.ts';
import { adminTasksCommand } from './tasks.ts';
import { adminUsageCommand } from './usage.ts';
import { userCommand } from './user.ts';
import { whatIfCommand } from './what-if.ts';

/** `millrace admin`: what administrators and operators decide, one file a subject. */
export const adminCommand = (context: Context): Command =>
	new Command('admin')
		.description('decide how work is done (operators and administrators)')
		.addCommand(classCommand(context))
		.addCommand(groupCommand(context))
		.addCommand(userCommand(context))
		.addCommand(secondFactorCommand(context))
		.addCommand(policyCommand(context))
		.addCommand(explainCommand(context))
		.addCommand(whatIfCommand(context))
		.addCommand(queueCommand(context))
		.addCommand(nodeCommand(context))
		.addCommand(adminTasksCommand(context))
		.addCommand(taskTypeCommand(context))
		.addCommand(quarantineCommand(context))
		.addCommand(actsCommand(context))
		.addCommand(choresCommand(context))
		.addCommand(backupsCommand(context))
		.addCommand(historyCommand(context))
		.addCommand(auditCommand(context))
		.addCommand(diagnoseCommand(context))
		.addCommand(settingsCommand(context))
		.addCommand(storageCommand(context))
		.addCommand(logCommand(context))
		.addCommand(mailCommand(context))
		.addCommand(alertsCommand(context))
		.addCommand(adminUsageCommand(context))
		.addCommand(adminStatementCommand(context))
		.addCommand(pricesCommand(context))
		.addCommand(budgetsCommand(context))
		.addHelpText(
			'after',
			`
Your token needs the scope admin: millrace login --admin`,
		);
