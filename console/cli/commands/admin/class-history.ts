import { answeredJson } from '../../../../shared/client/http-client.ts';
import { eachItem } from '../../../../shared/client/page.ts';
import { listServiceClassVersions } from '../../../../shared/client/service-classes.ts';
import type { ServiceClassVersion } from '../../../../shared/protocol/service-class.ts';
import type { Context } from '../../context.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { printTable } from '../../terminal/table.ts';
import { localTime } from '../../terminal/words.ts';
import { classChanges } from './class-changes.ts';

const COLUMNS = [
	{ title: 'VERSION', side: 'right' as const },
	{ title: 'AT' },
	{ title: 'BY' },
	{ title: 'WHAT' },
	{ title: 'WHY' },
];

const whatOf = ({ settings }: ServiceClassVersion, before: ServiceClassVersion | undefined): string => {
	if (settings === null) return 'deleted';
	if (before === undefined || before.settings === null) return 'made';
	return classChanges(before.settings, settings).join('; ');
};

/** Every version of a class, newest first: who changed what, and why. */
export const showHistory = async (
	context: Context,
	name: string,
	options: ServerChoice & { json?: boolean },
): Promise<void> => {
	const http = await context.connect(options);
	const pages = (cursor?: string) =>
		listServiceClassVersions(http, name, cursor === undefined ? {} : { cursor }, { signal: context.signal });
	const versions: ServiceClassVersion[] = [];
	for await (const version of eachItem(pages)) versions.push(version);
	if (options.json) {
		context.out.json({ items: versions.map((version) => answeredJson(version)) });
		return;
	}
	const rows = versions.map((version, at) => [
		String(version.version),
		localTime(version.at),
		version.by ?? version.actor,
		whatOf(version, versions[at + 1]),
		version.reason,
	]);
	printTable(context.out, COLUMNS, rows);
};
