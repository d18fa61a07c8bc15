import { Command } from 'commander';
import { answeredJson, type HttpClient } from '../../../../shared/client/http-client.ts';
import {
	bindQueue,
	createQueue,
	deleteQueue,
	listQueues,
	purgeQueue,
	type QueueAct,
	steerQueue,
	testRoutingKey,
} from '../../../../shared/client/queues.ts';
import { CodedError } from '../../../../shared/coded-error.ts';
import type { QueueView } from '../../../../shared/protocol/queue.ts';
import { type Context, serverCommand } from '../../context.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { ask } from '../../terminal/ask.ts';
import { type Cell, printTable } from '../../terminal/table.ts';
import { localTime } from '../../terminal/words.ts';
import { tellSteered, wayBack } from './tell-steered.ts';

interface Options extends ServerChoice {
	json?: boolean;
	reason?: string;
	confirm?: string;
}

const COLUMNS = [
	{ title: 'NAME' },
	{ title: 'STATE' },
	{ title: 'QUEUED', side: 'right' as const },
	{ title: 'BINDINGS' },
	{ title: 'SERVED BY' },
	{ title: 'NOTES' },
];

const stateOf = ({ paused, draining }: QueueView): Cell => {
	if (paused) return { text: draining ? 'paused, draining' : 'paused', style: 'yellow' };
	return draining ? { text: 'draining', style: 'yellow' } : { text: 'open', style: 'green' };
};

const notesOf = ({ by, since, reason, overlaps, warnings }: QueueView): string =>
	[
		...(since === null ? [] : [`by ${by} since ${localTime(since)}${reason === null ? '' : `: ${reason}`}`]),
		...new Set(overlaps.map(({ queue, winner }) => `overlaps ${queue} (${winner} wins)`)),
		...warnings,
	].join('; ');

const rowOf = (queue: QueueView): (string | Cell)[] => [
	queue.name,
	stateOf(queue),
	String(queue.queued),
	queue.bindingKeys.join(','),
	queue.servedBy.join(','),
	notesOf(queue),
];

const list = async (context: Context, options: Options): Promise<void> => {
	const http = await context.connect(options);
	const { items } = await listQueues(http, {}, { signal: context.signal });
	if (options.json) context.out.json({ items: items.map((queue) => answeredJson(queue)) });
	else printTable(context.out, COLUMNS, items.map(rowOf));
};

const route = async (context: Context, key: string, options: Options): Promise<void> => {
	const answer = await testRoutingKey(await context.connect(options), key);
	if (options.json) return context.out.json(answer);
	const { queue, bindingKey, matches, servedBy, warnings } = answer;
	if (queue !== null) {
		const who = servedBy.length === 0 ? '' : `, served by ${servedBy.join(', ')}`;
		context.out.line(`${key} reaches the queue ${queue} by ${bindingKey}${who}.`);
	}
	for (const other of matches.slice(1)) context.out.line(`It would also fit ${other.bindingKey} of ${other.queue}.`);
	for (const warning of warnings) context.out.line(warning);
};

const DONE: Record<QueueAct, string> = {
	pause: 'is paused: what runs goes on, nothing more is started.',
	drain: 'takes no new tasks; what is in line is worked off.',
	resume: 'goes on.',
};

/** Does what is confirmed by a name. Without one the server says what it would do; a person is then asked. */
const withConfirmation = async <T>(
	context: Context,
	name: string,
	{ confirm }: Options,
	act: (confirm?: string) => Promise<T>,
): Promise<T> => {
	try {
		return await act(confirm);
	} catch (error) {
		if (!(error instanceof CodedError) || error.code !== 'confirmation-needed') throw error;
		// Its sentence says all that its fields do.
		if (confirm !== undefined || context.stdin.isTTY !== true) throw new CodedError(error.code, error.message);
		context.out.note(error.message);
		return act((await ask(`This cannot be undone. Type ${name} to confirm: `, context)).trim());
	}
};

/** `millrace admin queue`: the queues, for those who look after them. */
export const queueCommand = (context: Context): Command => {
	const command = new Command('queue')
		.description('list queues, make, bind, pause, drain, purge or delete one')
		.addHelpText(
			'after',
			`
Examples:
  millrace admin queue list
  millrace admin queue create urgent 'urgent.#' 'priority.now'
  millrace admin queue drain hardware --reason 'new capture card on Monday'
  millrace admin queue purge normal --confirm normal
  millrace admin queue route priority.thumbnail`,
		);
	const add = (name: string, description: string) => {
		const made = serverCommand(name).description(description).option('--json', 'as JSON');
		command.addCommand(made, { isDefault: name === 'list' });
		return made;
	};
	const told = async (options: Options, act: (http: HttpClient) => Promise<void>, name: string, words: string) => {
		await act(await context.connect(options));
		if (options.json) context.out.json({ name });
		else context.out.line(`${name} ${words}`);
	};
	add('list', 'queues with their depth, bindings, who serves them and what is wrong').action((options: Options) =>
		list(context, options),
	);
	add('create', 'make a queue')
		.argument('<name>')
		.argument('<bindings...>', 'binding keys such as normal.#')
		.action((name: string, bindingKeys: string[], options: Options) =>
			told(options, (http) => createQueue(http, { name, bindingKeys }), name, 'is there.'),
		);
	add('bind', 'give a queue these binding keys instead; what is in line is routed anew')
		.argument('<name>')
		.argument('<bindings...>')
		.action((name: string, bindingKeys: string[], options: Options) =>
			told(options, (http) => bindQueue(http, { name, bindingKeys }), name, `is bound to ${bindingKeys.join(', ')}.`),
		);
	for (const [verb, description] of [
		['pause', 'start nothing from it; what runs goes on'],
		['drain', 'take no new tasks; what is in line is worked off'],
		['resume', 'let it go on'],
	] as const) {
		add(verb, description)
			.argument('<name>')
			.option('--reason <TEXT>', 'why; shown in the list')
			.action(async (name: string, options: Options) => {
				const { act } = await steerQueue(await context.connect(options), name, verb, options.reason);
				if (options.json) return context.out.json({ name, act });
				context.out.line(`${name} ${DONE[verb]}`);
				context.out.line(wayBack(act));
			});
	}
	add('purge', 'cancel everything in it that does not run (administrators)')
		.argument('<name>')
		.option('--confirm <NAME>', 'its name once more')
		.option('--reason <TEXT>', 'why')
		.action(async (name: string, options: Options) => {
			const http = await context.connect(options);
			const { reason } = options;
			const answer = await withConfirmation(context, name, options, (confirm) =>
				purgeQueue(http, name, { confirm, reason }),
			);
			tellSteered(context, answer, 'cancelled', options.json === true);
		});
	add('delete', 'delete it; tasks that stand in it then wait for another (administrators)')
		.argument('<name>')
		.option('--confirm <NAME>', 'its name once more, while tasks stand in it')
		.action((name: string, options: Options) =>
			told(
				options,
				(http) => withConfirmation(context, name, options, (confirm) => deleteQueue(http, name, confirm)),
				name,
				'is gone.',
			),
		);
	add('route', 'which queue a routing key reaches, by which binding, and who serves it')
		.argument('<key>')
		.action((key: string, options: Options) => route(context, key, options));
	return command;
};
