import type { Command } from 'commander';
import { readTaskPolicy, readUserPolicy } from '../../../../shared/client/service-classes.ts';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { type Context, serverCommand } from '../../context.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { printTable } from '../../terminal/table.ts';
import { findUserId } from './find-user.ts';
import { valueInWords } from './setting-words.ts';

const COLUMNS = [{ title: 'SETTING' }, { title: 'VALUE' }, { title: 'FROM' }];

const run = async (context: Context, named: string, options: ServerChoice & { json?: boolean }): Promise<void> => {
	const { signal, out } = context;
	const http = await context.connect(options);
	const isTask = idSchema('task').safeParse(named).success;
	const policy = isTask
		? await readTaskPolicy(http, named, { signal })
		: await readUserPolicy(http, await findUserId(http, named, signal), { signal });
	if (options.json) {
		out.json(policy);
		return;
	}
	out.line(`${policy.serviceClass}, version ${policy.version}, ${policy.because}`);
	for (const other of policy.passedOver) out.note(`Does not count: ${other}`);
	printTable(
		out,
		COLUMNS,
		policy.values.map(({ path, value, from }) => [path, valueInWords(path, value), from]),
	);
};

/** `millrace admin policy`: what counts for somebody, and why. */
export const policyCommand = (context: Context): Command =>
	serverCommand('policy')
		.description('show what counts for a person or a task now, and where each value comes from')
		.argument('<user|task>', 'name or id of a person, or id of a task')
		.option('--json', 'as JSON')
		.addHelpText(
			'after',
			`
Examples:
  millrace admin policy ada
  millrace admin policy tsk_01jd…`,
		)
		.action((named: string, options: ServerChoice) => run(context, named, options));
