import type { Command } from 'commander';
import { listTrash, readFile } from '../../../shared/client/files.ts';
import { answeredJson, type HttpClient } from '../../../shared/client/http-client.ts';
import { eachItem } from '../../../shared/client/page.ts';
import type { FolderEntry } from '../../../shared/protocol/file.ts';
import { type Context, serverCommand } from '../context.ts';
import { usageError } from '../failure.ts';
import { eachEntry, isFolder, requireEntry } from '../remote/find-entry.ts';
import { idKindOf, remotePath } from '../remote/remote-path.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { stateCell } from '../tasks/state-words.ts';
import { type Cell, printTable } from '../terminal/table.ts';
import { bytesInWords, counted, localTime } from '../terminal/words.ts';

interface Options extends ServerChoice {
	long?: boolean;
	recursive?: boolean;
	trash?: boolean;
	json?: boolean;
}

async function* entriesOf(
	http: HttpClient,
	path: string,
	options: Options,
	signal: AbortSignal,
): AsyncGenerator<FolderEntry> {
	for await (const entry of eachEntry(http, path, signal)) {
		yield entry;
		if (options.recursive && entry.kind === 'folder') yield* entriesOf(http, entry.path, options, signal);
	}
}

async function* entriesAt(
	http: HttpClient,
	target: string,
	options: Options,
	signal: AbortSignal,
): AsyncGenerator<FolderEntry> {
	if (options.trash) {
		yield* eachItem((cursor) =>
			listTrash(http, { limit: 1_000, ...(cursor === undefined ? {} : { cursor }) }, { signal }),
		);
		return;
	}
	const kind = idKindOf(target);
	if (kind === 'file') {
		yield { kind: 'file', ...(await readFile(http, target, { signal })) };
		return;
	}
	if (kind !== null) throw usageError(`${target} is the id of a ${kind}; give a path, or the id of a file.`);
	const path = remotePath(target);
	if (await isFolder(http, path, signal)) yield* entriesOf(http, path, options, signal);
	else yield await requireEntry(http, path, signal);
}

const taskWords = (entry: FolderEntry): string | Cell => {
	if (entry.kind === 'folder') return '';
	const open = entry.tasks.find(({ state }) => state !== 'succeeded');
	if (open === undefined) return entry.tasks.length === 0 ? '' : 'done';
	return { ...stateCell(open.state), text: `${open.type} ${open.state}` };
};

const longRow = (entry: FolderEntry, name: string): (string | Cell)[] => {
	if (entry.kind === 'folder')
		return [entry.id, '', localTime(entry.createdAt), '', '', { text: `${name}/`, style: 'blue' }];
	const type = entry.facts.mimetype;
	const kind = typeof type === 'string' ? type : '';
	return [entry.id, bytesInWords(entry.size), localTime(entry.modifiedAt), kind, taskWords(entry), name];
};

const COLUMNS = [
	{ title: 'ID' },
	{ title: 'SIZE', side: 'right' as const },
	{ title: 'CHANGED' },
	{ title: 'KIND' },
	{ title: 'TASKS' },
	{ title: 'NAME' },
];

const list = async (context: Context, target: string, options: Options): Promise<void> => {
	const http = await context.connect(options);
	const entries: FolderEntry[] = [];
	const { out } = context;
	for await (const entry of entriesAt(http, target, options, context.signal)) {
		const name = options.recursive || options.trash ? entry.path : entry.name;
		if (options.json || options.long) entries.push(entry);
		else if (entry.kind === 'folder') out.line(`${name}/`, 'blue');
		else out.line(name);
	}
	if (options.json) out.json({ items: entries.map((entry) => answeredJson(entry)) });
	if (options.json || !options.long) return;
	const named = entries.map((entry) => longRow(entry, options.recursive || options.trash ? entry.path : entry.name));
	printTable(out, COLUMNS, named);
	const files = entries.filter((entry) => entry.kind === 'file');
	const bytes = files.reduce((sum, { size }) => sum + size, 0);
	out.note(`${counted(files.length, 'file')}, ${bytesInWords(bytes)}`);
};

/** `millrace ls`: what is in a folder, or one file. */
export const lsCommand = (context: Context): Command =>
	serverCommand('ls')
		.description('list a folder on the server')
		.argument('[path]', 'folder or file, or the id of a file', '/')
		.option('-l, --long', 'with id, size, time, kind and unfinished tasks')
		.option('-R, --recursive', 'with everything below')
		.option('--trash', 'what is in the trash, instead of a folder')
		.option('--json', 'as JSON: {"items": […]}')
		.action((target: string, options: Options) => list(context, target, options));
