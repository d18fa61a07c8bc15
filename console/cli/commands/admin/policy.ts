import type { Command } from 'commander';
import { NO_LIMIT, valueInWords } from '../../../../shared/class-setting-words.ts';
import { readTaskPolicy, readUserPolicy } from '../../../../shared/client/service-classes.ts';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { type Context, serverCommand } from '../../context.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { printTable } from '../../terminal/table.ts';
import { findUserId } from './find-user.ts';

const COLUMNS = [{ title: 'SETTING' }, { title: 'VALUE' }, { title: 'FROM' }];

interface Options extends ServerChoice {
	all?: boolean;
	json?: boolean;
}

const run = async (context: Context, named: string, options: Options): Promise<void> => {
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
	const rows = policy.values.map(({ path, value, from }) => [path, valueInWords(path, value), from]);
	const isSaid = ([, words]: string[]) => options.all === true || words !== NO_LIMIT;
	printTable(out, COLUMNS, rows.filter(isSaid));
	const others = rows.filter((row) => !isSaid(row)).map(([path]) => path);
	if (others.length > 0) out.line(`${NO_LIMIT}: ${others.join(', ')}`);
};

/** `millrace admin policy`: what counts for somebody, and why. */
export const policyCommand = (context: Context): Command =>
	serverCommand('policy')
		.description('show what counts for a person or a task now, and where each value comes from')
		.argument('<user|task>', 'name or id of a person, or id of a task')
		.option('--all', 'also show where each value that sets no limit comes from')
		.option('--json', 'as JSON')
		.addHelpText(
			'after',
			`
Examples:
  millrace admin policy ada
  millrace admin policy tsk_01jd…`,
		)
		.action((named: string, options: Options) => run(context, named, options));
