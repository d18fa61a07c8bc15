import { Command } from 'commander';
import { configureNode, forgetNode, steerNode } from '../../../../shared/client/nodes.ts';
import { MOST_SLOTS, type NodeView } from '../../../../shared/protocol/node.ts';
import { type Context, serverCommand } from '../../context.ts';
import { usageError } from '../../failure.ts';
import { wholeNumber } from '../../number-option.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { localTime } from '../../terminal/words.ts';
import { timeOption } from '../../time-option.ts';
import { findNode } from '../nodes.ts';
import { wayBack } from './tell-steered.ts';

interface Options extends ServerChoice {
	json?: boolean;
	reason?: string;
	until?: string;
	concurrency?: number;
	types?: string;
	reservedFor?: string;
	any?: boolean;
	declared?: boolean;
}

const words = (text: string | undefined): string[] =>
	(text ?? '')
		.split(',')
		.map((word) => word.trim())
		.filter(Boolean);

const policyOf = ({ types, reservedFor, any }: Options): NodeView['policy'] | undefined => {
	if (any) return null;
	if (types === undefined && reservedFor === undefined) return undefined;
	return { taskTypes: types === undefined ? null : words(types), reservedFor: words(reservedFor) };
};

const labelsOf = (given: readonly string[]): Record<string, string> =>
	Object.fromEntries(
		given.map((item) => {
			const [, name, value] = /^([^=]+)=(.*)$/.exec(item) ?? [];
			if (name === undefined || value === undefined) throw usageError(`${item} is no label: write NAME=VALUE.`);
			return [name, value];
		}),
	);

/** `millrace admin node`: what a machine may do, and when. */
export const nodeCommand = (context: Context): Command => {
	const command = new Command('node')
		.description('cordon, drain, uncordon, label or forget a node, or say what it takes')
		.addHelpText(
			'after',
			`
Examples:
  millrace admin node cordon vm-2 --until 2h --reason 'disk is nearly full'
  millrace admin node drain vm-2 --until 2026-03-01T08:00
  millrace admin node policy lab-1 --reserved-for capture-card
  millrace admin node policy vm-2 --types thumbnail,md5 --concurrency 8
  millrace admin node policy vm-2 --any      takes any task that it can run
  millrace admin node label vm-2 zone=lab gpu=a100     these count, whatever it declares
  millrace admin node label vm-2 --declared            those that it declares count again
  millrace admin node forget vm-9            one that is gone, for good

See them all with: millrace nodes`,
		);
	const add = (name: string, description: string) => {
		const made = serverCommand(name).description(description).argument('<name>', 'by name or id');
		command.addCommand(made.option('--json', 'as JSON'));
		return made;
	};
	const tell = (options: Options, node: NodeView, text: string, act?: string) => {
		if (options.json) context.out.json({ id: node.id, name: node.name, act });
		else context.out.line(`${node.name} ${text}`);
	};
	const tellUndoable = (options: Options, node: NodeView, text: string, act: string) => {
		tell(options, node, text, act);
		if (!options.json) context.out.line(wayBack(act));
	};
	for (const [verb, description, done, say] of [
		['cordon', 'give it no more work; what runs goes on', 'takes no more tasks; what runs goes on', tellUndoable],
		['drain', 'let it finish what it runs and leave', 'finishes what it runs, then leaves', tell],
	] as const) {
		add(verb, description)
			.option('--reason <TEXT>', 'why; shown in the list')
			.option(
				'--until <TIME>',
				'then it takes work again by itself: a time, or a duration such as 2h',
				timeOption('ahead'),
			)
			.action(async (name: string, options: Options) => {
				const { until } = options;
				const http = await context.connect(options);
				const node = await findNode(http, name, context.signal);
				const { act } = await steerNode(http, node.id, verb, { reason: options.reason, until });
				say(options, node, `${done}${until === undefined ? '.' : `, until ${localTime(until)}.`}`, act);
			});
	}
	add('uncordon', 'give it work again').action(async (name: string, options: Options) => {
		const http = await context.connect(options);
		const node = await findNode(http, name, context.signal);
		const { act } = await steerNode(http, node.id, 'uncordon');
		tellUndoable(options, node, 'takes tasks again.', act);
	});
	add('policy', 'which tasks it takes, and how many at once (administrators)')
		.option('--types <TYPES>', 'only these task types, by comma')
		.option('--reserved-for <NAMES>', 'only tasks that ask for one of these: hardware or labels, by comma')
		.option('--any', 'any task that it can run')
		.option('--concurrency <N>', 'so many tasks at once', wholeNumber(1, MOST_SLOTS))
		.action(async (name: string, options: Options) => {
			const policy = policyOf(options);
			const { concurrency } = options;
			if (policy === undefined && concurrency === undefined) {
				throw usageError('Say what it takes: --types, --reserved-for, --any or --concurrency.');
			}
			const http = await context.connect(options);
			const node = await findNode(http, name, context.signal);
			await configureNode(http, node.id, {
				...(policy === undefined ? {} : { policy }),
				...(concurrency === undefined ? {} : { concurrency }),
			});
			tell(options, node, 'goes by this from now on; what runs goes on.');
		});
	add('label', 'its labels, which tasks can ask for (administrators)')
		.argument('[labels...]', 'all of them, as NAME=VALUE')
		.option('--declared', 'those that it declares itself')
		.action(async (name: string, given: string[], options: Options) => {
			const labels = options.declared ? null : labelsOf(given);
			if ((labels === null) !== (given.length === 0)) throw usageError('Give labels as NAME=VALUE, or --declared.');
			const http = await context.connect(options);
			const node = await findNode(http, name, context.signal);
			await configureNode(http, node.id, { labels });
			tell(options, node, 'goes by these labels from now on; what runs goes on.');
		});
	add('forget', 'take one that is gone off every list; it may not come back by its key (administrators)').action(
		async (name: string, options: Options) => {
			const http = await context.connect(options);
			const node = await findNode(http, name, context.signal);
			await forgetNode(http, node.id);
			tell(options, node, 'is forgotten; what it ran keeps its name.');
		},
	);
	return command;
};
