import { Command, Option } from 'commander';
import { exportAudit, listAudit, verifyAudit } from '../../../../shared/client/audit.ts';
import { answeredJson } from '../../../../shared/client/http-client.ts';
import { eachItem } from '../../../../shared/client/page.ts';
import type { AuditEntryView, AuditQuery } from '../../../../shared/protocol/audit.ts';
import { AUDIT_ACTIONS } from '../../../../shared/protocol/audit-actions.ts';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { type Context, serverCommand } from '../../context.ts';
import { EXIT } from '../../exit-codes.ts';
import { CliError } from '../../failure.ts';
import { wholeNumber } from '../../number-option.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { printTable } from '../../terminal/table.ts';
import { localTime } from '../../terminal/words.ts';
import { timeOption } from '../../time-option.ts';
import { findUserId } from './find-user.ts';

interface Filter extends ServerChoice {
	by?: string;
	action?: string;
	object?: string;
	refused?: boolean;
	text?: string;
	from?: string;
	to?: string;
}

const filtered = (name: string): Command =>
	serverCommand(name)
		.option('--by <WHO>', 'by this person, name or id, or this node’s id, or system')
		.option(
			'--action <NAME>',
			'of this kind, such as user.create, queue.* or *.delete; all there are: millrace admin audit actions',
		)
		.option('--object <ID>', 'to this: an id, a queue’s or class’s name, a path')
		.option('--refused', 'what was refused')
		.option('--text <WORDS>', 'with these words somewhere in it')
		.addOption(new Option('--from <TIME>', 'not before: a time, or 2h for two hours ago').argParser(timeOption('ago')))
		.addOption(new Option('--to <TIME>', 'before').argParser(timeOption('ago')));

const isActor = (named: string): boolean =>
	named === 'system' || named === 'unknown' || idSchema('node').safeParse(named).success;

const connect = async (context: Context, options: Filter) => {
	const http = await context.connect(options);
	const { by, action, object, text, from, to } = options;
	const actor = by === undefined || isActor(by) ? by : await findUserId(http, by, context.signal);
	const named = { actor, action, object, text, from, to, outcome: options.refused ? 'refused' : undefined };
	const query = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)) as AuditQuery;
	return { http, query };
};

/** 2001; no count of anything else in a detail is named like an instant. */
const FIRST_INSTANT = 1e12;
const COLUMNS = ['WHEN', 'BY', 'WHAT', 'TO', 'FROM', 'DETAIL'].map((title) => ({ title }));

/** Details are as they were written; only instants, which nobody reads as milliseconds, are told in local time. */
const detailInWords = (detail: AuditEntryView['detail']): string =>
	JSON.stringify(detail, (key, value) =>
		typeof value === 'number' && value >= FIRST_INSTANT && /(At|^at|Until|^until|From|^from|^to)$/.test(key)
			? localTime(new Date(value).toISOString())
			: value,
	);

const named = (id: string, name: string | null): string => (name === null ? id : `${name} (${id})`);

const rowOf = (entry: AuditEntryView): string[] => [
	localTime(entry.at),
	named(entry.actor, entry.actorName),
	entry.outcome === 'refused' ? `${entry.action} (refused)` : entry.action,
	named(entry.object, entry.objectName),
	entry.address,
	entry.blanked ? '(blanked: the person was deleted)' : detailInWords(entry.detail),
];

const NOTHING = 'Nothing of that kind is in the log. Kinds of entries: millrace admin audit actions';

const listCommand = (context: Context): Command =>
	filtered('list')
		.description('search the log, newest first')
		.option('--limit <N>', 'at most so many', wholeNumber(1, 100_000), 50)
		.option('--json', 'as JSON: {"items": […]}')
		.addHelpText(
			'after',
			`
Examples:
  millrace admin audit list --by ada --from 2h
  millrace admin audit list --action 'service-class.*' --text priority
  millrace admin audit list --refused --from 1d`,
		)
		.action(async (options: Filter & { limit: number; json?: boolean }) => {
			const { http, query } = await connect(context, options);
			const limit = Math.min(options.limit, 1_000);
			const pages = (cursor?: string) =>
				listAudit(http, { ...query, limit, ...(cursor === undefined ? {} : { cursor }) }, { signal: context.signal });
			const found: AuditEntryView[] = [];
			for await (const entry of eachItem(pages)) {
				found.push(entry);
				if (found.length === options.limit) break;
			}
			if (options.json) context.out.json({ items: found.map((entry) => answeredJson(entry)) });
			else if (found.length === 0) context.out.note(NOTHING);
			else printTable(context.out, COLUMNS, found.map(rowOf));
		});

const exportCommand = (context: Context): Command =>
	filtered('export')
		.description('write the log to standard output; that you took it is recorded, too')
		.addOption(
			new Option('--format <FORMAT>', 'csv, or json: one entry a line').choices(['csv', 'json']).default('csv'),
		)
		.addHelpText(
			'after',
			`
Times are UTC. Cells that a spreadsheet would run as a formula get an apostrophe before them.

Example:
  millrace admin audit export --from 30d > audit.csv`,
		)
		.action(async (options: Filter & { format: 'csv' | 'json' }) => {
			const { http, query } = await connect(context, options);
			const answer = await exportAudit(http, { ...query, format: options.format }, { signal: context.signal });
			for await (const piece of answer.body ?? []) await context.out.bytes(piece);
		});

const verifyCommand = (context: Context): Command =>
	serverCommand('verify')
		.description('check that no entry was changed, removed or put in between')
		.option('--json', 'as JSON')
		.action(async (options: ServerChoice & { json?: boolean }) => {
			const verdict = await verifyAudit(await context.connect(options), { signal: context.signal });
			if (options.json) context.out.json(verdict);
			if (!verdict.ok) {
				const words = `Entry ${verdict.firstBad} is not what was written. Compare it with your newest backup.`;
				throw new CliError(EXIT.failed, words);
			}
			if (options.json) return;
			context.out.line(`${verdict.rows} entries, all as they were written; ${verdict.blanked} blanked by deletions.`);
			context.out.line(`Newest hash, to be kept somewhere else: ${verdict.head}`);
		});

const actionsCommand = (context: Context): Command =>
	new Command('actions')
		.description('which kinds of entries there are, for --action')
		.option('--json', 'as JSON: {"items": […]}')
		.action(({ json }: { json?: boolean }) => {
			if (json) return context.out.json({ items: [...AUDIT_ACTIONS] });
			for (const action of AUDIT_ACTIONS) context.out.line(action);
			context.out.note(
				'What was refused has the verb that was asked for: read, write, delete or steer, as in queue.steer.',
			);
		});

/** `millrace admin audit`: who did what, from where. */
export const auditCommand = (context: Context): Command =>
	new Command('audit')
		.description('who did what: search, export, check (administrators)')
		.addCommand(listCommand(context), { isDefault: true })
		.addCommand(actionsCommand(context))
		.addCommand(exportCommand(context))
		.addCommand(verifyCommand(context));
