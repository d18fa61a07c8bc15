import { Command } from 'commander';
import { answeredJson, type HttpClient } from '../../../shared/client/http-client.ts';
import {
	createWebhook,
	deleteWebhook,
	listDeliveries,
	listWebhooks,
	resumeWebhook,
	testWebhook,
} from '../../../shared/client/webhooks.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import { NOTICE_KINDS, type NoticeKind } from '../../../shared/protocol/notice.ts';
import type { WebhookView } from '../../../shared/protocol/webhook.ts';
import { type Context, serverCommand } from '../context.ts';
import { usageError } from '../failure.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { printTable } from '../terminal/table.ts';
import { localTime } from '../terminal/words.ts';

interface Options extends ServerChoice {
	json?: boolean;
	on?: string;
}

const COLUMNS = ['NAME', 'STATE', 'URL', 'ON', 'REASON'].map((title) => ({ title }));
const DELIVERY_COLUMNS = ['TIME', 'EVENT', 'STATE', 'TRIES', 'NEXT', 'ANSWER'].map((title) => ({ title }));

const findWebhook = async (http: HttpClient, named: string, signal: AbortSignal): Promise<WebhookView> => {
	const { items } = await listWebhooks(http, { signal });
	const found = items.find(({ id, name }) => id === named || name.toLowerCase() === named.toLowerCase());
	if (!found) throw new CodedError('not-found', `You have no webhook ${named}; see: millrace webhooks list`);
	return found;
};

const eventsOf = (text: string | undefined): NoticeKind[] => {
	if (text === undefined) return [...NOTICE_KINDS];
	return text.split(',').map((word) => {
		const kind = NOTICE_KINDS.find((one) => one === word.trim());
		if (!kind) throw usageError(`There is no event ${word}; there are: ${NOTICE_KINDS.join(', ')}.`);
		return kind;
	});
};

/** `millrace webhooks`: has what happens told to an address. */
export const webhooksCommand = (context: Context): Command => {
	const { out, signal } = context;
	const command = new Command('webhooks').description('have what happens told to an address, signed');
	const add = (name: string, description: string): Command => {
		const made = serverCommand(name).description(description).option('--json', 'as JSON');
		command.addCommand(made);
		return made;
	};
	const act = (
		name: string,
		description: string,
		does: (http: HttpClient, hook: WebhookView) => Promise<[string, object]>,
	) =>
		add(name, description)
			.argument('<webhook>', 'name or id')
			.action(async (named: string, options: Options) => {
				const http = await context.connect(options);
				const [told, answer] = await does(http, await findWebhook(http, named, signal));
				if (options.json) out.json(answer);
				else out.line(told);
			});

	add('list', 'list your webhooks').action(async (options: Options) => {
		const { items } = await listWebhooks(await context.connect(options), { signal });
		if (options.json) return out.json({ items: items.map((hook) => answeredJson(hook)) });
		if (items.length === 0) out.note('There are no webhooks yet: millrace webhooks create --help');
		printTable(
			out,
			COLUMNS,
			items.map(({ name, state, url, events, reason }) => [name, state, url, events.join(','), reason ?? '']),
		);
	});
	add('create', 'make one, and tell the key that it signs with, this once')
		.argument('<name>')
		.argument('<url>', 'where to, such as https://example.org/millrace')
		.option('--on <EVENTS>', `by commas: ${NOTICE_KINDS.join(', ')} (default: all)`)
		.action(async (name: string, url: string, options: Options) => {
			const events = eventsOf(options.on);
			const made = await createWebhook(await context.connect(options), { name, url, events });
			if (options.json) return out.json(made);
			out.note('Deliveries are signed with this key, which is not shown again:');
			out.line(made.key);
		});
	act('test', 'deliver something that means nothing', async (http, { id, name }) => {
		const made = await testWebhook(http, id);
		return [`${made.delivery} is on its way; see: millrace webhooks deliveries ${name}`, made];
	});
	act('resume', 'go on after it was paused', async (http, { id }) => {
		const hook = await resumeWebhook(http, id);
		return [`${hook.name} is ${hook.state}.`, hook];
	});
	act('delete', 'delete it with all that waits to be delivered', async (http, { id, name }) => {
		await deleteWebhook(http, id);
		return [`${name} is deleted.`, { id, deleted: true }];
	});
	add('deliveries', 'what was delivered, what waits and what was given up, newest first')
		.argument('<webhook>', 'name or id')
		.action(async (named: string, options: Options) => {
			const http = await context.connect(options);
			const { id } = await findWebhook(http, named, signal);
			const { items } = await listDeliveries(http, id, { limit: 50 }, { signal });
			if (options.json) return out.json({ items: items.map((delivery) => answeredJson(delivery)) });
			const rows = items.map(({ createdAt, event, state, tries, nextAt, status, error }) => [
				...[localTime(createdAt), event, state, String(tries), nextAt === null ? '' : localTime(nextAt)],
				error ?? (status === null ? '' : String(status)),
			]);
			printTable(out, DELIVERY_COLUMNS, rows);
		});
	return command.addHelpText(
		'after',
		'\nExamples:\n  millrace webhooks create ops https://example.org/millrace --on job-failed,schedule-paused\n  millrace webhooks test ops',
	);
};
