import { Argument, type Command } from 'commander';
import { answeredJson, type HttpClient } from '../../../shared/client/http-client.ts';
import { listNodes, type NodeAct, revokeNode, steerNode } from '../../../shared/client/nodes.ts';
import { eachItem } from '../../../shared/client/page.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { NodeView } from '../../../shared/protocol/node.ts';
import { type Context, serverCommand } from '../context.ts';
import { usageError } from '../failure.ts';
import { NODE_STYLES } from '../monitoring/node-board.ts';
import { watchNodes } from '../monitoring/watch-nodes.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { type Cell, printTable } from '../terminal/table.ts';
import { localTime } from '../terminal/words.ts';
import { wayBack } from './admin/tell-steered.ts';

interface Options extends ServerChoice {
	json?: boolean;
	live?: boolean;
}

const COLUMNS = [
	{ title: 'NAME' },
	{ title: 'STATE' },
	{ title: 'RUNNING', side: 'right' as const },
	{ title: 'QUEUES' },
	{ title: 'HARDWARE' },
	{ title: 'AGENT' },
	{ title: 'LAST SEEN' },
];
/** Where there is something to say of a node. */
const NOTES = { title: 'NOTES' };

/** Why it takes no work, since when and by whom, and when it takes work again by itself; and what it said that cannot be. */
const notesOf = ({ reason, since, by, until, faults }: NodeView): string =>
	[
		...(since === null ? [] : [`${by === null ? '' : `by ${by} `}since ${localTime(since)}`]),
		...(until === null ? [] : [`until ${localTime(until)}`]),
		...(reason === null ? [] : [reason]),
		...(faults === null ? [] : [faultsInWords(faults)]),
	].join('; ');

const faultsInWords = ({ badSeals, impossibleUsage, lastAt, last }: NonNullable<NodeView['faults']>): string => {
	const kinds = [
		...(impossibleUsage === 0 ? [] : [`usage that cannot be, ${impossibleUsage} times`]),
		...(badSeals === 0 ? [] : [`settlements without its seal, ${badSeals} times`]),
	];
	return `said what cannot be: ${kinds.join(', ')}; last ${localTime(lastAt)}: ${last}`;
};

const rowOf = (node: NodeView): (string | Cell)[] => [
	node.name,
	{ text: node.state, style: NODE_STYLES[node.state] },
	`${node.running}/${node.concurrency}`,
	node.queues.join(','),
	Object.entries(node.capabilities?.hardware ?? {})
		.map(([name, count]) => `${name}=${count}`)
		.join(','),
	node.capabilities?.agentVersion ?? '',
	node.lastSeenAt === null ? 'never' : localTime(node.lastSeenAt),
];

/** Every node, revoked ones too. */
export const readNodes = async (http: HttpClient, signal: AbortSignal): Promise<NodeView[]> => {
	const nodes: NodeView[] = [];
	const pages = (cursor?: string) => listNodes(http, cursor === undefined ? {} : { cursor }, { signal });
	for await (const node of eachItem(pages)) nodes.push(node);
	return nodes;
};

type Verb = NodeAct | 'revoke';
const DONE: Record<Verb, string> = {
	cordon: 'takes no more tasks; what runs goes on.',
	uncordon: 'takes tasks again.',
	drain: 'finishes what it runs, then leaves.',
	revoke: 'may not come back; another machine can take its name.',
};
const ACTS = Object.keys(DONE) as Verb[];

/** The node of that name or id; throws `not-found`. */
export const findNode = async (http: HttpClient, named: string, signal: AbortSignal): Promise<NodeView> => {
	const nodes = await readNodes(http, signal);
	// A revoked node has given its name away.
	const node = nodes.find(({ id, name, state }) => id === named || (name === named && state !== 'revoked'));
	if (node === undefined) throw new CodedError('not-found', `There is no node ${named}; see: millrace nodes`);
	return node;
};

const steer = async (context: Context, http: HttpClient, asked: Verb, named: string, json: boolean) => {
	const { id, name } = await findNode(http, named, context.signal);
	const act = asked === 'revoke' ? await revokeNode(http, id) : (await steerNode(http, id, asked)).act;
	if (json) return context.out.json({ id, name, asked, act });
	context.out.line(`${name} ${DONE[asked]}`);
	if (act !== undefined && asked !== 'drain') context.out.line(wayBack(act));
};

const list = async (context: Context, http: HttpClient, json: boolean) => {
	const nodes = await readNodes(http, context.signal);
	if (json) context.out.json({ items: nodes.map((node) => answeredJson(node)) });
	else if (nodes.length === 0) {
		context.out.note('No machine has joined yet. On the coordinator’s machine: coordinator node-token create');
	} else {
		const notes = nodes.map(notesOf);
		const noted = notes.some((note) => note !== '');
		const rows = nodes.map((node, at) => [...rowOf(node), ...(noted ? [notes[at] ?? ''] : [])]);
		printTable(context.out, noted ? [...COLUMNS, NOTES] : COLUMNS, rows);
	}
};

const run = async (context: Context, act: Verb | undefined, name: string | undefined, options: Options) => {
	if (act !== undefined && name === undefined) throw usageError(`Which node? Write: millrace nodes ${act} NAME`);
	if (act !== undefined && options.live) throw usageError('--live only looks; steer in another terminal.');
	const http = await context.connect(options);
	const json = options.json === true;
	try {
		if (options.live) await watchNodes(context, http, () => readNodes(http, context.signal), json);
		else if (act === undefined || name === undefined) await list(context, http, json);
		else await steer(context, http, act, name, json);
	} catch (error) {
		if (!(error instanceof CodedError) || error.code !== 'forbidden') throw error;
		const who = act === 'revoke' ? 'Only administrators revoke' : 'Only operators and administrators see and steer';
		throw new CodedError('forbidden', `${who} nodes.`, { cause: error });
	}
};

/** `millrace nodes`: the machines that do the work, for those who look after them. */
export const nodesCommand = (context: Context): Command =>
	serverCommand('nodes')
		.description('list the machines that do the work, or steer one (operators and administrators)')
		.addArgument(new Argument('[act]', 'what to do with one').choices(ACTS))
		.argument('[name]', 'which one, by name or id')
		.option(
			'--live',
			'how all of them are doing, once a second until interrupted; elsewhere than on a terminal as JSON lines',
		)
		.option('--json', 'as JSON: {"items": […]}; with --live one line a second')
		.addHelpText(
			'after',
			`
Examples:
  millrace nodes
  millrace nodes --live
  millrace nodes drain vm-2      finishes what it runs, then leaves
  millrace nodes revoke vm-2     cut off for good; what it runs is run elsewhere

With a reason, until when, and which tasks a node takes: millrace admin node --help

Your token needs the scope admin: millrace login --admin`,
		)
		.action((act: Verb | undefined, name: string | undefined, options: Options) => run(context, act, name, options));
