import type { Command } from 'commander';
import { datasetContentPath, listDatasetEntries, listDatasetVersions } from '../../../shared/client/datasets.ts';
import { answeredJson } from '../../../shared/client/http-client.ts';
import { type Context, serverCommand } from '../context.ts';
import { bringArchive } from '../download/download-archive.ts';
import { downloadFile, downloadToStream } from '../download/download-file.ts';
import { placeFile } from '../download/plan-download.ts';
import { TargetFolder } from '../download/target-folder.ts';
import { usageError } from '../failure.ts';
import { wholeNumber } from '../number-option.ts';
import { entriesOf, readDatasetTarget } from '../remote/dataset-target.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { printTable } from '../terminal/table.ts';
import { TransferMeter } from '../terminal/transfer-meter.ts';
import { bytesInWords, localTime } from '../terminal/words.ts';

interface Options extends ServerChoice {
	json?: boolean;
	limit: number;
	cursor?: string;
	under?: string;
	at?: number;
	force?: boolean;
	zip?: boolean;
}

const MOST_VERSION = 1_000_000;

const list = async (context: Context, name: string, options: Options): Promise<void> => {
	const { limit, cursor, under, at } = options;
	const query = {
		limit,
		...(cursor === undefined ? {} : { cursor }),
		...(under === undefined ? {} : { under }),
		...(at === undefined ? {} : { version: at }),
	};
	const page = await listDatasetEntries(await context.connect(options), name, query, { signal: context.signal });
	if (options.json) return context.out.json(answeredJson(page));
	for (const { path, size } of page.items) context.out.line(`${bytesInWords(size).padStart(10)}  ${path}`);
	if (page.nextCursor !== null) context.out.note(`There is more: --cursor ${page.nextCursor}`);
};

const versions = async (context: Context, name: string, options: Options): Promise<void> => {
	const { limit, cursor } = options;
	const query = { limit, ...(cursor === undefined ? {} : { cursor }) };
	const page = await listDatasetVersions(await context.connect(options), name, query, { signal: context.signal });
	if (options.json) return context.out.json(answeredJson(page));
	const columns = [
		{ title: 'VERSION', side: 'right' as const },
		{ title: 'PUBLISHED' },
		{ title: 'FILES' },
		{ title: 'NOTE' },
	];
	const rows = page.items.map(({ version, at, files, note }) => [String(version), localTime(at), String(files), note]);
	printTable(context.out, columns, rows);
	if (page.nextCursor !== null) context.out.note(`There is more: --cursor ${page.nextCursor}`);
};

const get = async (context: Context, text: string, local: string | undefined, options: Options): Promise<void> => {
	if (local === '-' && options.json) throw usageError('Standard output is for the file itself here; leave --json out.');
	const target = readDatasetTarget(text);
	if (options.zip) {
		const { name: dataset, path: under, version } = target;
		const query = { dataset, ...(version === null ? {} : { version }), ...(under === '' ? {} : { under }) };
		const { force = false, json = false } = options;
		const name = under === '' ? dataset : under.slice(under.lastIndexOf('/') + 1);
		return bringArchive(context, await context.connect(options), { query, name, local, force, json });
	}
	if (target.path === '')
		throw usageError(`Name one file of it: millrace datasets get ${target.name}/path, or add --zip`);
	const http = await context.connect(options);
	const { signal, out } = context;
	const first = await entriesOf(http, target, signal).next();
	const entry = first.done ? null : first.value;
	if (entry?.path !== target.path)
		throw usageError(`${target.path} is a folder of the dataset; name one file in it, or add --zip.`);
	const { path, size, sha256, dataset, version } = entry;
	const source = { target: `${datasetContentPath(dataset, path)}?version=${version}`, size, sha256 };
	const meter = new TransferMeter();
	if (local === '-') return downloadToStream(source, (chunk) => out.bytes(chunk), { http, signal, meter });
	const place = await placeFile(path.slice(path.lastIndexOf('/') + 1), local);
	const at = await new TargetFolder(place.folder).place([place.name]);
	const status = await downloadFile(source, at, { http, signal, meter, force: options.force === true });
	if (options.json) out.json({ path, local: at, size, sha256, status });
	else out.line(status === 'same' ? `${at}: is here already` : at);
};

const pageOptions = (command: Command): Command =>
	command.option('--limit <N>', 'lines at once', wholeNumber(1, 1000), 100).option('--cursor <C>', 'where to go on');

/** What of `millrace datasets` is about a dataset's files; each with an example. */
export const datasetFilesCommands = (context: Context): [Command, string][] => {
	const ls = pageOptions(serverCommand('ls').description('list its files').argument('<name>', 'name or id'))
		.option('--under <FOLDER>', 'only what lies in this folder')
		.option('--at <VERSION>', 'of this version (default: the newest)', wholeNumber(1, MOST_VERSION))
		.action((name: string, options: Options) => list(context, name, options));
	const all = pageOptions(
		serverCommand('versions').description('list its versions, newest first').argument('<name>', 'name or id'),
	).action((name: string, options: Options) => versions(context, name, options));
	const one = serverCommand('get')
		.description('download one of its files, or with --zip a folder or all of it')
		.argument('<file>', 'NAME/path, or NAME/path@VERSION')
		.argument('[local]', 'where to: a folder, a file name, or - for standard output')
		.option('-f, --force', 'replace a local file that differs')
		.option('--zip', 'as one archive')
		.action((file: string, local: string | undefined, options: Options) => get(context, file, local, options));
	return [
		[ls, 'millrace datasets ls birds --under may --at 2'],
		[all, 'millrace datasets versions birds'],
		[one, 'millrace datasets get birds/may/robin.jpg@2 .'],
	];
};
