import { Command } from 'commander';
import {
	addGroupMember,
	changeGroup,
	createGroup,
	deleteGroup,
	listGroupMembers,
	listGroups,
	removeGroupMember,
} from '../../../../shared/client/groups.ts';
import { answeredJson, type HttpClient } from '../../../../shared/client/http-client.ts';
import { eachItem } from '../../../../shared/client/page.ts';
import { CodedError } from '../../../../shared/coded-error.ts';
import { nameKey } from '../../../../shared/name-key.ts';
import type { GroupChange, GroupMember, GroupView } from '../../../../shared/protocol/group.ts';
import { type Context, serverCommand } from '../../context.ts';
import { usageError } from '../../failure.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { printTable } from '../../terminal/table.ts';
import { findUserId } from './find-user.ts';

interface Options extends ServerChoice {
	json?: boolean;
	name?: string;
	parent?: string;
	class?: string;
}

const COLUMNS = [
	{ title: 'NAME' },
	{ title: 'WITHIN' },
	{ title: 'CLASS' },
	{ title: 'MEMBERS', side: 'right' as const },
	{ title: 'ID' },
];

const readGroups = async (http: HttpClient, signal: AbortSignal): Promise<GroupView[]> => {
	const groups: GroupView[] = [];
	const pages = (cursor?: string) => listGroups(http, cursor === undefined ? {} : { cursor }, { signal });
	for await (const group of eachItem(pages)) groups.push(group);
	return groups;
};

/** A group that is named by id or by name. */
export const findGroup = async (http: HttpClient, named: string, signal: AbortSignal): Promise<GroupView> => {
	const found = (await readGroups(http, signal)).find(
		({ id, name }) => id === named || nameKey(name) === nameKey(named),
	);
	if (!found) throw new CodedError('not-found', `There is no group ${named}; see: millrace admin group list`);
	return found;
};

/** What the options say of a group; `none` takes away. */
const wanted = async (http: HttpClient, options: Options, signal: AbortSignal): Promise<GroupChange> => {
	const { name, parent, class: serviceClass } = options;
	return {
		...(name === undefined ? {} : { name }),
		...(serviceClass === undefined ? {} : { serviceClass: serviceClass === 'none' ? null : serviceClass }),
		...(parent === undefined ? {} : { parent: parent === 'none' ? null : (await findGroup(http, parent, signal)).id }),
	};
};

const list = async (context: Context, options: Options): Promise<void> => {
	const groups = await readGroups(await context.connect(options), context.signal);
	if (options.json) {
		context.out.json({ items: groups.map((group) => answeredJson(group)) });
		return;
	}
	if (groups.length === 0) context.out.note('There are no groups yet: millrace admin group create NAME');
	const names = new Map(groups.map(({ id, name }) => [id, name]));
	const rows = groups.map(({ name, parent, serviceClass, members, id }) => [
		name,
		parent === null ? '' : (names.get(parent) ?? parent),
		serviceClass ?? '',
		String(members),
		id,
	]);
	printTable(context.out, COLUMNS, rows);
};

const members = async (context: Context, named: string, options: Options): Promise<void> => {
	const http = await context.connect(options);
	const { id } = await findGroup(http, named, context.signal);
	const found: GroupMember[] = [];
	const pages = (cursor?: string) =>
		listGroupMembers(http, id, cursor === undefined ? {} : { cursor }, { signal: context.signal });
	for await (const member of eachItem(pages)) found.push(member);
	if (options.json) context.out.json({ items: found.map((member) => answeredJson(member)) });
	else for (const { username } of found) context.out.line(username);
};

const setMember = async (context: Context, isIn: boolean, named: string, user: string, options: Options) => {
	const http = await context.connect(options);
	const group = await findGroup(http, named, context.signal);
	const id = await findUserId(http, user, context.signal);
	await (isIn ? addGroupMember : removeGroupMember)(http, group.id, id);
	if (options.json) context.out.json({ group: group.id, user: id, member: isIn });
	else context.out.line(`${user} is ${isIn ? 'in' : 'not in'} ${group.name}.`);
};

const told = (context: Context, group: GroupView, { json }: Options, what: string): void => {
	if (json) context.out.json(group);
	else context.out.line(`${group.name} ${what}.`);
};

/** `millrace admin group`: people who are given a service class together. */
export const groupCommand = (context: Context): Command => {
	const command = new Command('group').description('groups: people who are given a service class together');
	const add = (name: string, description: string): Command => {
		const made = serverCommand(name).description(description).option('--json', 'as JSON');
		command.addCommand(made);
		return made;
	};
	const within = ['--parent <GROUP>', 'the group that it lies in, or none'] as const;
	const given = ['--class <CLASS>', 'the service class of its people, or none'] as const;
	add('list', 'list groups').action((options: Options) => list(context, options));
	add('create', 'make a group')
		.argument('<name>')
		.option(...within)
		.option(...given)
		.addHelpText('after', '\nExamples:\n  millrace admin group create lab --class priority --parent institute')
		.action(async (name: string, options: Options) => {
			const http = await context.connect(options);
			const group = { ...(await wanted(http, options, context.signal)), name };
			told(context, await createGroup(http, group), options, 'is there');
		});
	add('set', 'change a group')
		.argument('<group>', 'name or id')
		.option('--name <NAME>', 'another name')
		.option(...within)
		.option(...given)
		.addHelpText('after', '\nExamples:\n  millrace admin group set lab --class none --parent none')
		.action(async (named: string, options: Options) => {
			const http = await context.connect(options);
			const change = await wanted(http, options, context.signal);
			if (Object.keys(change).length === 0) throw usageError('What is to change? Give --name, --parent or --class.');
			const { id } = await findGroup(http, named, context.signal);
			told(context, await changeGroup(http, id, change), options, 'is changed');
		});
	add('delete', 'delete a group in which no other lies')
		.argument('<group>', 'name or id')
		.action(async (named: string, options: Options) => {
			const http = await context.connect(options);
			const group = await findGroup(http, named, context.signal);
			await deleteGroup(http, group.id);
			told(context, group, options, 'is gone; its members have left it');
		});
	add('members', 'list who is in a group')
		.argument('<group>', 'name or id')
		.action((named: string, options: Options) => members(context, named, options));
	add('add', 'put somebody into a group')
		.argument('<group>', 'name or id')
		.argument('<user>', 'name or id')
		.action((group: string, user: string, options: Options) => setMember(context, true, group, user, options));
	add('remove', 'take somebody out of a group')
		.argument('<group>', 'name or id')
		.argument('<user>', 'name or id')
		.action((group: string, user: string, options: Options) => setMember(context, false, group, user, options));
	return command;
};
