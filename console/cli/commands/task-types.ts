import type { Command } from 'commander';
import { answeredJson } from '../../../shared/client/http-client.ts';
import { listTaskTypes, readTaskType } from '../../../shared/client/task-types.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { type Context, serverCommand } from '../context.ts';
import { wholeNumber } from '../number-option.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { flagsHelp, manifestFlags } from '../tasks/manifest-flags.ts';
import { printTable } from '../terminal/table.ts';

interface Options extends ServerChoice {
	json?: boolean;
	ofVersion?: number;
}

const COLUMNS = [{ title: 'NAME' }, { title: 'CATEGORY' }, { title: 'FILES' }, { title: 'WHAT IT DOES' }];

/** How many files of which kinds. */
export const filesInWords = ({ inputs: { min, max, mediaTypes } }: Pick<Manifest, 'inputs'>): string => {
	if (max === 0) return 'none';
	const count = min === max ? String(min) : `${min} to ${max}`;
	const [first = '', ...more] = mediaTypes;
	const kinds = more.length === 0 ? first : `${first} and ${more.length} more kinds`;
	return mediaTypes.includes('*/*') ? `${count}, any` : `${count}, ${kinds}`;
};

const show = ({ out }: Context, manifest: Manifest): void => {
	const { name, version, title, description, inputs, needs, routingKey, outputs } = manifest;
	out.line(`${name}, version ${version}: ${title}`);
	if (description !== '') out.line(description);
	out.line('');
	const hardware = Object.entries(needs.hardware).map(([device, count]) => `${count} ${device}`);
	const rows = [
		['files', inputs.max === 0 ? 'none' : `${filesInWords(manifest)} (${inputs.mediaTypes.join(', ')})`],
		['outputs', outputs.map((output) => output.name).join(', ') || 'as the task says'],
		['needs', [`${needs.cores} ${needs.cores === 1 ? 'core' : 'cores'}`, ...hardware].join(', ')],
		['routing key', routingKey],
	];
	printTable(out, [{ title: 'WHAT' }, { title: 'HOW' }], rows);
	out.line('');
	for (const line of flagsHelp(name, manifestFlags(manifest.parameters, new Set())).split('\n')) out.line(line);
	out.line('');
	out.line(`Run it: millrace run ${name}${inputs.max === 0 ? '' : ' /path/of/a-file'}`);
};

/** `millrace task-types`: what can be run here. */
export const taskTypesCommand = (context: Context): Command =>
	serverCommand('task-types')
		.description('list what can be run, or show one task type with its parameters')
		.argument('[name]', 'a task type, such as thumbnail')
		.option('--of-version <N>', 'this version of it, also one that is not used any more', wholeNumber(1, 1e9))
		.option('--json', 'as JSON: {"items": […]}, with a name the manifest')
		.addHelpText(
			'after',
			`
Examples:
  millrace task-types
  millrace task-types thumbnail
  millrace task-types thumbnail --json > manifest.json`,
		)
		.action(async (name: string | undefined, { json, ofVersion, ...choice }: Options) => {
			const http = await context.connect(choice);
			const { signal, out } = context;
			if (name !== undefined) {
				const manifest = await readTaskType(http, name, ofVersion, { signal });
				if (json) out.json(manifest);
				else show(context, manifest);
				return;
			}
			const { items } = await listTaskTypes(http, { signal });
			if (json) out.json({ items: items.map((item) => answeredJson(item)) });
			else {
				const sorted = [...items].sort((a, b) => (a.name < b.name ? -1 : 1));
				printTable(
					out,
					COLUMNS,
					sorted.map((item) => [item.name, item.category, filesInWords(item), item.description || item.title]),
				);
			}
		});
