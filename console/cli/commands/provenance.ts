import type { Command } from 'commander';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import { readProvenance } from '../../../shared/client/provenance.ts';
import type { ProvenanceRecord, ProvenanceView } from '../../../shared/protocol/provenance.ts';
import { type Context, serverCommand } from '../context.ts';
import { usageError } from '../failure.ts';
import { wholeNumber } from '../number-option.ts';
import { requireEntry } from '../remote/find-entry.ts';
import { idKindOf, remotePath } from '../remote/remote-path.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { stateWord } from '../tasks/state-words.ts';
import type { Output } from '../terminal/output.ts';
import { bytesInWords, durationInWords, localTime } from '../terminal/words.ts';

interface Options extends ServerChoice {
	ofVersion?: number;
	json?: boolean;
}

const fileOf = async (http: HttpClient, target: string, signal: AbortSignal): Promise<string> => {
	const kind = idKindOf(target);
	if (kind === 'file') return target;
	if (kind !== null) throw usageError(`${target} is the id of a ${kind}; give a file.`);
	const entry = await requireEntry(http, remotePath(target), signal);
	if (entry.kind === 'folder') throw usageError(`${target} is a folder; give a file.`);
	return entry.id;
};

const showMade = (out: Output, made: ProvenanceRecord): void => {
	const { recipe, inputs, inputCount } = made;
	const step = recipe === null ? '' : `, step ${(recipe.step ?? 0) + 1} of ${recipe.id} (version ${recipe.version})`;
	const parameters = made.parameters === null ? `SHA-256 ${made.parametersSha256}` : JSON.stringify(made.parameters);
	const facts: [string, string][] = [
		['made by', `${made.type} (version ${made.typeVersion}) for ${made.by.name}, because: ${made.cause}${step}`],
		['parameters', parameters],
		['task', `${made.task}, output ${made.output}`],
		['node', `${made.node}, try ${made.attempt}, CPU ${durationInWords(made.usage.cpuMs)}`],
		['when', `${localTime(made.startedAt)} to ${localTime(made.finishedAt)}`],
		...inputs.map(({ path, version, sha256 }): [string, string] => ['from', `${path}, version ${version}, ${sha256}`]),
	];
	for (const [name, value] of facts) out.parts({ text: name.padEnd(12), style: 'dim' }, value);
	if (inputCount > inputs.length) out.line(`and ${inputCount - inputs.length} more files`);
};

const show = (out: Output, view: ProvenanceView): void => {
	const { path, file, version, size, sha256, made, usedBy, results } = view;
	out.line(`${path ?? file}, version ${version}: ${bytesInWords(size)}, SHA-256 ${sha256}`, 'bold');
	if (made === null) out.line('A person brought this version.');
	else showMade(out, made);
	if (usedBy.length > 0) out.line('');
	for (const task of usedBy) {
		out.parts({ text: 'used by'.padEnd(12), style: 'dim' }, `${task.id}  ${task.type}  ${stateWord(task.state)}`);
		for (const one of results.filter(({ task: id }) => id === task.id)) {
			out.parts(' '.repeat(12), `made ${one.name}, version ${one.version} (${one.file})`);
		}
	}
};

/** `millrace provenance`: how a file was made. */
export const provenanceCommand = (context: Context): Command =>
	serverCommand('provenance')
		.description('show how a file was made, and what was made of it')
		.argument('<file>', 'path or id of a file on the server')
		.option('--of-version <N>', 'that version of it (default: the newest)', wholeNumber(1, Number.MAX_SAFE_INTEGER))
		.option('--json', 'as JSON')
		.addHelpText(
			'after',
			`
Examples:
  millrace provenance /photos/a-200x133.jpg
  millrace provenance /photos/a-200x133.jpg --of-version 1 --json`,
		)
		.action(async (target: string, options: Options) => {
			const http = await context.connect(options);
			const file = await fileOf(http, target, context.signal);
			const view = await readProvenance(http, file, options.ofVersion, { signal: context.signal });
			if (options.json) context.out.json(view);
			else show(context.out, view);
		});
