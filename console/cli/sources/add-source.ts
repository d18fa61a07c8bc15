import type { Command } from 'commander';
import { changeSource, createSource } from '../../../shared/client/sources.ts';
import type { SourceView } from '../../../shared/protocol/source.ts';
import { flagsOf, typeNamed } from '../commands/run.ts';
import { type Context, serverCommand } from '../context.ts';
import { usageError } from '../failure.ts';
import { flagsHelp, readFlags } from '../tasks/manifest-flags.ts';
import { namedSecrets } from '../tasks/named-secrets.ts';
import { readPair, readParameters, requireFitting } from '../tasks/parameters.ts';
import { localTime } from '../terminal/words.ts';
import { findSource } from './find-source.ts';
import { capsOf, type SourceOptions, withSourceOptions } from './source-options.ts';

const isWord = (token: string | undefined): token is string => token !== undefined && !token.startsWith('-');
/** The zone of this machine, as that is what people mean by half past seven. */
const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

const told = (context: Context, source: SourceView, options: SourceOptions): void => {
	if (options.json) {
		context.out.json(source);
		return;
	}
	const [schedule] = source.schedules;
	const next = schedule?.nextRunAt ?? null;
	const when = next === null ? `Run it: millrace sources run "${source.name}"` : `It runs next at ${localTime(next)}.`;
	context.out.line(`${source.name} fills the dataset ${source.dataset.name}. ${when}`);
};

const help = async (context: Context, command: Command, type: string | undefined, options: SourceOptions) => {
	command.outputHelp();
	if (!isWord(type)) return;
	const manifest = await typeNamed(await context.connect(options), type, context.signal);
	context.out.line('');
	for (const line of flagsHelp(type, flagsOf(manifest, command)).split('\n')) context.out.line(line);
};

const create = async (
	context: Context,
	{ type, tokens, command }: { type: string; tokens: readonly string[]; command: Command },
	options: SourceOptions,
): Promise<void> => {
	const { cron, zone, byHand, dataset } = options;
	if (byHand && (cron ?? zone) !== undefined)
		throw usageError('--by-hand is without times: leave out --cron and --zone.');
	const http = await context.connect(options);
	const manifest = await typeNamed(http, type, context.signal);
	const { files, given } = readFlags(tokens, flagsOf(manifest, command));
	const [name] = files;
	if (name === undefined || files.length > 1)
		throw usageError(`Give it one name: millrace sources create ${type} NAME`);
	const parameters = readParameters([...options.param.map(readPair), ...given], manifest.parameters);
	requireFitting(parameters, manifest.parameters);
	const secrets = await namedSecrets(http, options.secret, context.signal);
	const schedule = byHand ? null : { ...(cron === undefined ? {} : { cron }), timeZone: zone ?? ownZone() };
	const made = await createSource(http, {
		...{ name, type, parameters, schedule },
		...capsOf(options),
		...(dataset === undefined ? {} : { dataset }),
		...(secrets === null ? {} : { secrets }),
	});
	told(context, made, options);
};

const change = async (
	context: Context,
	{ named, tokens, command }: { named: string; tokens: readonly string[]; command: Command },
	options: SourceOptions & { name?: string },
): Promise<void> => {
	const http = await context.connect(options);
	const before = await findSource(http, named, context.signal);
	const manifest = await typeNamed(http, before.type, context.signal);
	const { files, given } = readFlags(tokens, flagsOf(manifest, command));
	if (files.length > 0) throw usageError(`What is ${files[0]}? Only options come after the source's name.`);
	const parameters = {
		...before.parameters,
		...readParameters([...options.param.map(readPair), ...given], manifest.parameters),
	};
	requireFitting(parameters, manifest.parameters);
	const secrets = await namedSecrets(http, options.secret, context.signal);
	const { mostItemsPerMonth, pricePerItem, mostSpendPerMonth } = before;
	const draft = {
		...{ name: options.name ?? before.name, parameters, secrets: { ...before.secrets, ...secrets } },
		...{ mostItemsPerMonth, pricePerItem, mostSpendPerMonth },
		...capsOf(options),
	};
	told(context, await changeSource(http, before.id, draft, before.version), options);
};

/** `millrace sources create`. */
export const addSourceCommand = (context: Context): Command =>
	withSourceOptions(serverCommand('create').description('gather a topic into a dataset, again and again'))
		.usage('[options] <type> <name> [--PARAMETER VALUE...]')
		.argument('[type]', 'the task type, such as feed-topic; see: millrace task-types')
		.argument('[name...]', 'what it is called')
		.option(
			'--dataset <NAME>',
			'where its items go: a new one, or one that a source of yours has left (default: its name)',
		)
		.option('--cron <PATTERN>', 'when it runs (default: "30 7 * * *", at half past seven)')
		.option('--zone <ZONE>', 'in which the times are meant (default: this machine’s)')
		.option('--by-hand', 'let it run only when it is asked to')
		.addHelpText(
			'after',
			`
Examples:
  millrace sources create feed-topic Mills --param url=https://example.org/feed.xml --include mill --cron "30 7 * * *"
  millrace sources create x-topic Mills --topic "water mills" --secret bearerToken=x-token --most-items 3000
  millrace sources create url Prices --param url=https://example.org/prices.csv --by-hand
  millrace sources create x-topic --help`,
		)
		.action(async (type: string | undefined, tokens: string[], options: SourceOptions, command: Command) => {
			if (options.help) await help(context, command, type, options);
			else if (isWord(type)) await create(context, { type, tokens, command }, options);
			else throw usageError('Name the task type first: millrace sources create TYPE NAME; see: millrace task-types');
		});

/** `millrace sources change`. */
export const changeSourceCommand = (context: Context): Command =>
	withSourceOptions(serverCommand('change').description('change a source; what is not named stays as it is'))
		.usage('[options] <source> [--PARAMETER VALUE...]')
		.argument('[source]', 'name or id')
		.argument('[options...]')
		.option('--name <NAME>', 'call it so')
		.addHelpText(
			'after',
			`
Examples:
  millrace sources change Mills --most-items 5000
  millrace sources change Mills --param url=https://example.org/other.xml --most-items none`,
		)
		.action(async (named: string | undefined, tokens: string[], options: SourceOptions, command: Command) => {
			if (options.help) command.outputHelp();
			else if (isWord(named)) await change(context, { named, tokens, command }, options);
			else throw usageError('Name the source first: millrace sources change NAME; see: millrace sources list');
		});
