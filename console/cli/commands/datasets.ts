import { Command, Option } from 'commander';
import {
	acceptDatasetLicence,
	createDataset,
	deleteDataset,
	importDataset,
	importDatasetVersion,
	listDatasets,
	publishDataset,
	readDataset,
} from '../../../shared/client/datasets.ts';
import { answeredJson } from '../../../shared/client/http-client.ts';
import { eachItem } from '../../../shared/client/page.ts';
import type { DatasetView } from '../../../shared/protocol/dataset.ts';
import { type Context, serverCommand } from '../context.ts';
import { showDataset, stateInWords } from '../datasets/show-dataset.ts';
import { usageError } from '../failure.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { confirm } from '../terminal/confirm.ts';
import { printTable } from '../terminal/table.ts';
import { bytesInWords } from '../terminal/words.ts';
import { datasetFilesCommands } from './dataset-files.ts';
import { grantCommand } from './dataset-grant.ts';

interface Options extends ServerChoice {
	json?: boolean;
	yes?: boolean;
	title?: string;
	description?: string;
	licence?: string;
	licenceText?: string;
	from?: string;
	directory?: string;
	link?: boolean;
	empty?: boolean;
	note?: string;
	confirm?: string;
	force?: boolean;
}

const COLUMNS = [
	{ title: 'NAME' },
	{ title: 'VERSION', side: 'right' as const },
	{ title: 'FILES', side: 'right' as const },
	{ title: 'SIZE', side: 'right' as const },
	{ title: 'OWNER' },
	{ title: 'STATE' },
	{ title: 'TITLE' },
];

const list = async (context: Context, options: Options): Promise<void> => {
	const http = await context.connect(options);
	const { signal, out } = context;
	const items: DatasetView[] = [];
	const readPage = (cursor: string | undefined) =>
		listDatasets(http, { limit: 1000, ...(cursor === undefined ? {} : { cursor }) }, { signal });
	for await (const dataset of eachItem(readPage)) items.push(dataset);
	if (options.json) return out.json({ items: items.map((item) => answeredJson(item)) });
	if (items.length === 0)
		return out.note('There is no dataset for you yet: millrace datasets create NAME --from /folder');
	const rows = items.map((item) => [
		item.name,
		item.version === 0 ? '' : String(item.version),
		String(item.files),
		bytesInWords(item.bytes),
		item.owner?.username ?? 'the system',
		stateInWords(item),
		item.title,
	]);
	printTable(out, COLUMNS, rows);
};

const show = async (context: Context, name: string, options: Options): Promise<void> => {
	const dataset = await readDataset(await context.connect(options), name, { signal: context.signal });
	if (options.json) context.out.json(answeredJson(dataset));
	else showDataset(context.out, dataset);
};

const tellBegun = (context: Context, dataset: DatasetView, options: Options): void => {
	if (options.json) {
		context.out.json(answeredJson(dataset));
		return;
	}
	const { name, state } = dataset;
	const next = state === 'importing' ? `being published; see: millrace datasets show ${name}` : 'there, and empty';
	context.out.line(`${name} is ${next}`);
};

const create = async (context: Context, name: string, options: Options): Promise<void> => {
	const { title = name, description = '', licence = '', licenceText = null, from, directory, empty, link } = options;
	const about = { name, title, description, licence: { name: licence, text: licenceText } };
	const http = await context.connect(options);
	if (link && directory === undefined) throw usageError('--link goes with --directory.');
	if (directory !== undefined) {
		const mode = link ? ('link' as const) : ('import' as const);
		tellBegun(context, await importDataset(http, { ...about, from: { directory }, mode }), options);
	} else if (from !== undefined)
		tellBegun(context, await createDataset(http, { ...about, from: { folder: from } }), options);
	else if (empty) tellBegun(context, await createDataset(http, { ...about, from: { empty: true } }), options);
	else throw usageError('Say where its files come from: --from /folder, or --empty for none yet.');
};

const publish = async (context: Context, name: string, options: Options): Promise<void> => {
	const { from, directory, note = '' } = options;
	const http = await context.connect(options);
	if (directory !== undefined) tellBegun(context, await importDatasetVersion(http, name, { directory }, note), options);
	else if (from !== undefined) tellBegun(context, await publishDataset(http, name, { folder: from }, note), options);
	else throw usageError('Say where its files come from: --from /folder.');
};

const accept = async (context: Context, name: string, options: Options): Promise<void> => {
	const http = await context.connect(options);
	const { licence } = await readDataset(http, name, { signal: context.signal });
	if (licence.text !== null && !licence.accepted) {
		if (!options.json) context.out.line(licence.text);
		await confirm(context, `Accept this licence of ${name}?`, options.yes === true);
	}
	const dataset = await acceptDatasetLicence(http, name, licence.version);
	if (options.json) context.out.json(answeredJson(dataset));
	else
		context.out.line(
			licence.text === null ? `${name} has no licence to accept.` : `The licence of ${name} is accepted.`,
		);
};

const remove = async (context: Context, name: string, options: Options): Promise<void> => {
	const http = await context.connect(options);
	const dataset = await readDataset(http, name, { signal: context.signal });
	if (options.confirm === undefined) await confirm(context, `Delete the dataset ${dataset.name} for good?`, false);
	const confirmed = options.confirm ?? dataset.name;
	await deleteDataset(http, name, { confirm: confirmed, force: options.force === true });
	if (options.json) context.out.json(answeredJson(dataset));
	else context.out.line(`${dataset.name} is gone.`);
};

const sourceOptions = (command: Command): Command =>
	command
		.addOption(new Option('--from <FOLDER>', 'a folder of your files; nothing is copied').conflicts('directory'))
		.addOption(
			new Option(
				'--directory <DIR>',
				'a directory of the coordinator’s machine, below its --dataset-roots (administrators)',
			),
		);

/** `millrace datasets`: published, versioned trees of files that tasks work on without copying. */
export const datasetsCommand = (context: Context): Command => {
	const command = new Command('datasets')
		.description('datasets: published, versioned trees of files that tasks work on without copying')
		.addHelpText(
			'after',
			`
Examples:
  millrace datasets list
  millrace datasets create birds --from /pictures/birds --title "Birds of the garden" --licence "CC BY 4.0"
  millrace datasets publish birds --from /pictures/birds --note "with those of May"
  millrace datasets ls birds --under may
  millrace datasets get birds/may/robin.jpg
  millrace datasets grant birds --user usr_…
  millrace run thumbnail dataset:birds/may/robin.jpg
  millrace run md5 dataset:birds@1`,
		);
	const add = (made: Command, examples: string): Command => {
		command.addCommand(made.option('--json', 'as JSON').addHelpText('after', `\nExamples:\n  ${examples}`));
		return made;
	};
	add(serverCommand('list').description('list the datasets that you may read'), 'millrace datasets list --json').action(
		(options: Options) => list(context, options),
	);
	add(
		serverCommand('show').description('show a dataset, with its licence').argument('<name>', 'name or id'),
		'millrace datasets show sample-images',
	).action((name: string, options: Options) => show(context, name, options));
	add(
		sourceOptions(
			serverCommand('create').description('make a dataset').argument('<name>', 'small letters, digits, . and -'),
		)
			.option('--link', 'with --directory: leave its files there, and read them there')
			.option('--empty', 'without files yet')
			.option('--title <TEXT>', 'what people read in lists (default: the name)')
			.option('--description <TEXT>', 'what it holds, and where it is from')
			.option('--licence <NAME>', 'such as "CC BY 4.0"')
			.option('--licence-text <TEXT>', 'everybody accepts it once before using the dataset'),
		'millrace datasets create birds --from /pictures/birds\n  millrace datasets create archive --directory /mnt/archive --link',
	).action((name: string, options: Options) => create(context, name, options));
	add(
		sourceOptions(
			serverCommand('publish').description('publish its next version').argument('<name>', 'name or id'),
		).option('--note <TEXT>', 'what is new in it'),
		'millrace datasets publish birds --from /pictures/birds',
	).action((name: string, options: Options) => publish(context, name, options));
	add(
		serverCommand('accept')
			.description('read and accept its licence')
			.argument('<name>', 'name or id')
			.option('--yes', 'do not ask'),
		'millrace datasets accept birds',
	).action((name: string, options: Options) => accept(context, name, options));
	add(
		serverCommand('delete')
			.description('delete a dataset; tasks that were made with it still run')
			.argument('<name>', 'name or id')
			.option('--confirm <NAME>', 'its name once more, instead of being asked')
			.option('--force', 'also while open tasks read it'),
		'millrace datasets delete birds --confirm birds',
	).action((name: string, options: Options) => remove(context, name, options));
	for (const [made, examples] of datasetFilesCommands(context)) add(made, examples);
	add(grantCommand(context), 'millrace datasets grant birds --user usr_… --user usr_…');
	return command;
};
