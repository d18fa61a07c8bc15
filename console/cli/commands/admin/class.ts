import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { valueInWords } from '../../../../shared/class-setting-words.ts';
import { answeredJson, type HttpClient } from '../../../../shared/client/http-client.ts';
import {
	deleteServiceClass,
	listServiceClasses,
	putServiceClass,
	readServiceClass,
	rollBackServiceClass,
} from '../../../../shared/client/service-classes.ts';
import { CodedError } from '../../../../shared/coded-error.ts';
import type { Json } from '../../../../shared/protocol/json.ts';
import type { ServiceClassInput, ServiceClassView } from '../../../../shared/protocol/service-class.ts';
import { singleValues } from '../../../../shared/single-values.ts';
import { type Context, serverCommand } from '../../context.ts';
import { usageError } from '../../failure.ts';
import { wholeNumber } from '../../number-option.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { printTable } from '../../terminal/table.ts';
import { localTime } from '../../terminal/words.ts';
import { classChanges } from './class-changes.ts';
import { showHistory } from './class-history.ts';
import { applySettings, settingOptions, settingsOnly } from './class-settings.ts';

interface Options extends ServerChoice {
	json?: boolean;
	reason?: string;
}

const COLUMNS = [
	{ title: 'NAME' },
	{ title: 'VERSION', side: 'right' as const },
	{ title: 'BAND', side: 'right' as const },
	{ title: 'WEIGHT', side: 'right' as const },
	{ title: 'RUNNING', side: 'right' as const },
	{ title: 'USERS', side: 'right' as const },
	{ title: 'GROUPS', side: 'right' as const },
	{ title: 'WHAT FOR' },
];

const rowOf = ({ name, version, band, weight, idleOnly, caps, given, description }: ServiceClassView): string[] => [
	name,
	String(version),
	idleOnly ? 'idle' : String(band),
	String(weight),
	caps.running === null ? 'any' : String(caps.running),
	String(given.users),
	String(given.groups),
	description,
];

const told = (context: Context, view: ServiceClassView, json: boolean | undefined, what: string): void => {
	if (json) context.out.json(view);
	else context.out.line(`${view.name} ${what}, version ${view.version}.`);
	if (!json) for (const warning of view.warnings) context.out.note(`Note: ${warning}`);
};

/** Those to whom a class is given; the server names the first ones. */
const givenTo = (many: number, names: readonly string[]): string => {
	if (many === 0) return 'none';
	return many > names.length ? `${names.join(', ')} (${names.length} of ${many})` : names.join(', ');
};

const show = (context: Context, view: ServiceClassView): void => {
	context.out.line(`${view.name}, version ${view.version}, changed ${localTime(view.updatedAt)}`);
	const { users, groups, userNames, groupNames } = view.given;
	context.out.line(`Given to people: ${givenTo(users, userNames)}; to groups: ${givenTo(groups, groupNames)}`);
	const rows = singleValues(settingsOnly(view)).map(([path, value]) => [path, valueInWords(path, value)]);
	printTable(context.out, [{ title: 'SETTING' }, { title: 'VALUE' }], rows);
	for (const warning of view.warnings) context.out.note(`Note: ${warning}`);
};

const settingsFrom = async (file: string): Promise<Record<string, Json>> => {
	const text = await readFile(file, 'utf8');
	try {
		const value: unknown = JSON.parse(text);
		if (typeof value === 'object' && value !== null && !Array.isArray(value)) return settingsOnly(value);
	} catch (cause) {
		throw new CodedError('bad-json', `${file} is not JSON.`, { cause });
	}
	throw usageError(`${file} must hold a JSON object of settings.`);
};

/** Settings to begin with, and the version that must still be there when they are written. */
const currentSettings = async (http: HttpClient, name: string, signal: AbortSignal) => {
	try {
		const view = await readServiceClass(http, name, { signal });
		return { settings: settingsOnly(view), version: view.version };
	} catch (error) {
		if (!(error instanceof CodedError) || error.code !== 'not-found') throw error;
		return { settings: {}, version: undefined };
	}
};

const setClass = async (context: Context, name: string, options: Options & { file?: string }): Promise<void> => {
	const http = await context.connect(options);
	const { reason, file } = options;
	const there = await currentSettings(http, name, context.signal);
	const settings = applySettings(file === undefined ? there.settings : await settingsFrom(file), { ...options });
	const isNew = there.version === undefined;
	if (isNew && file === undefined && Object.keys(settings).length === 0) {
		throw usageError(
			`There is no class ${name}. To make it, give at least one setting, such as --band 5; see what there is with: millrace admin class list`,
		);
	}
	const put = putServiceClass(http, name, settings as ServiceClassInput, {
		// A file holds all settings, whatever was there.
		...(isNew || file !== undefined ? {} : { ifVersion: there.version }),
		...(reason === undefined ? {} : { reason }),
	});
	const view = await put.catch((cause: unknown) => {
		if (!(cause instanceof CodedError) || cause.code !== 'precondition-failed') throw cause;
		const again = `Somebody else has changed ${name} meanwhile: look at it, then run the same command again.`;
		throw new CodedError('conflict', again, { cause });
	});
	const changes = isNew ? [] : classChanges(there.settings, settingsOnly(view));
	const changed = changes.length === 0 ? 'is as it was' : 'is changed';
	told(context, view, options.json, isNew ? 'is made, a new class' : changed);
	if (!options.json) for (const change of changes) context.out.line(`  ${change}`);
};

const JSON_OPTION = ['--json', 'as JSON'] as const;
const REASON = ['--reason <TEXT>', 'why, for the history'] as const;

/** `millrace admin class`: how much of the machines whom gets. */
export const classCommand = (context: Context): Command => {
	const command = new Command('class').description('service classes: how much of the machines whom gets');
	command.addCommand(
		serverCommand('list')
			.description('list service classes')
			.option('--json', 'as JSON: {"items": […]}')
			.action(async (options: Options) => {
				const http = await context.connect(options);
				const { items } = await listServiceClasses(http, { signal: context.signal });
				if (options.json) context.out.json({ items: items.map((item) => answeredJson(item)) });
				else printTable(context.out, COLUMNS, items.map(rowOf));
			}),
	);
	command.addCommand(
		serverCommand('show')
			.description('show every setting of a class')
			.argument('<name>')
			.option(...JSON_OPTION)
			.action(async (name: string, options: Options) => {
				const http = await context.connect(options);
				const view = await readServiceClass(http, name, { signal: context.signal });
				if (options.json) context.out.json(view);
				else show(context, view);
			}),
	);
	const set = serverCommand('set')
		.description('make a class, or change the settings that are given')
		.argument('<name>')
		.option('--file <FILE>', 'take all settings from a JSON file; what it leaves out is plain')
		.option(...REASON)
		.option(...JSON_OPTION)
		.addHelpText(
			'after',
			`
Examples:
  millrace admin class set lab --band 7 --weight 2 --running 4
  millrace admin class set lab --running none --starts 60:10 --reason "the new machines are here"
  millrace admin class show lab --json > lab.json; edit lab.json; millrace admin class set lab --file lab.json

It counts at once, for tasks in line too.`,
		)
		.action((name: string, options: Options) => setClass(context, name, options));
	for (const option of settingOptions()) set.addOption(option);
	command.addCommand(set);
	command.addCommand(
		serverCommand('history')
			.description('show every version of a class, also of one that was deleted')
			.argument('<name>')
			.option('--json', 'as JSON: {"items": […]}')
			.action((name: string, options: Options) => showHistory(context, name, options)),
	);
	command.addCommand(
		serverCommand('roll-back')
			.description('give a class the settings of an earlier version')
			.argument('<name>')
			.argument('<version>', 'as in its history', wholeNumber(1, 1e9))
			.option(...REASON)
			.option(...JSON_OPTION)
			.action(async (name: string, version: number, options: Options) => {
				const { reason, json } = options;
				const http = await context.connect(options);
				const view = await rollBackServiceClass(http, name, version, reason === undefined ? {} : { reason });
				told(context, view, json, `has the settings of version ${version} again`);
			}),
	);
	command.addCommand(
		serverCommand('delete')
			.description('delete a class that nobody and nothing goes by')
			.argument('<name>')
			.option(...REASON)
			.option(...JSON_OPTION)
			.action(async (name: string, { reason, json, ...choice }: Options) => {
				await deleteServiceClass(await context.connect(choice), name, reason === undefined ? {} : { reason });
				if (json) context.out.json({ name, deleted: true });
				else context.out.line(`${name} is gone; its history stays, and roll-back brings it back.`);
			}),
	);
	return command;
};
