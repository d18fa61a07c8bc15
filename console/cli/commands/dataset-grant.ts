import type { Command } from 'commander';
import { readDatasetGrants, shareDataset } from '../../../shared/client/datasets.ts';
import { answeredJson } from '../../../shared/client/http-client.ts';
import type { DatasetGrants, DatasetShares } from '../../../shared/protocol/dataset.ts';
import { type Context, serverCommand } from '../context.ts';
import type { ServerChoice } from '../settings/connection.ts';

interface Options extends ServerChoice {
	json?: boolean;
	user: string[];
	group: string[];
	everyone?: boolean;
	remove?: boolean;
}

const collect = (item: string, items: string[]): string[] => [...items, item];

const changed = (now: DatasetShares, { user, group, everyone, remove }: Options): DatasetGrants => {
	const isNamed = (id: string, named: readonly string[]): boolean =>
		named.some((one) => one === id || one.toLowerCase() === now.names[id]?.toLowerCase());
	const change = (there: readonly string[], named: readonly string[]): string[] =>
		remove ? there.filter((id) => !isNamed(id, named)) : [...new Set([...there, ...named])];
	return {
		everyone: everyone ? remove !== true : now.everyone,
		users: change(now.users, user),
		groups: change(now.groups, group),
	};
};

const grant = async (context: Context, name: string, options: Options): Promise<void> => {
	const http = await context.connect(options);
	const now = await readDatasetGrants(http, name, { signal: context.signal });
	const isAsked = options.everyone || options.user.length + options.group.length > 0;
	const grants = isAsked ? await shareDataset(http, name, changed(now, options)) : now;
	if (options.json) return context.out.json(answeredJson(grants));
	const { everyone, users, groups, names } = grants;
	if (everyone) context.out.line('everyone');
	for (const id of [...users, ...groups]) context.out.line(`${id}  ${names[id] ?? ''}`.trimEnd());
	if (!everyone && users.length + groups.length === 0) context.out.note('It is shared with nobody.');
};

/** Who may read a dataset: shown, added to, or with `--remove` taken from. */
export const grantCommand = (context: Context): Command =>
	serverCommand('grant')
		.description('share it, or show with whom it is shared')
		.argument('<name>', 'name or id')
		.option('--user <PERSON>', 'a person, by name or id; repeatable', collect, [] as string[])
		.option('--group <ID>', 'a group, by id; repeatable (administrators)', collect, [] as string[])
		.option('--everyone', 'everybody (administrators)')
		.option('--remove', 'do not share it with these any more')
		.action((name: string, options: Options) => grant(context, name, options));
