import type { Command } from 'commander';
import { answeredJson } from '../../../shared/client/http-client.ts';
import { listNotices, markNoticesRead } from '../../../shared/client/notices.ts';
import type { NoticeView } from '../../../shared/protocol/notice.ts';
import { type Context, serverCommand } from '../context.ts';
import { wholeNumber } from '../number-option.ts';
import type { ServerChoice } from '../settings/connection.ts';
import type { Output } from '../terminal/output.ts';
import { counted, localTime } from '../terminal/words.ts';

interface Options extends ServerChoice {
	all?: boolean;
	read?: boolean;
	limit: number;
	json?: boolean;
}

const show = (out: Output, { at, title, text, count, subject, kind, readAt }: NoticeView): void => {
	const often = count === 1 ? '' : ` (${count} times that day)`;
	const style = readAt !== null ? 'dim' : kind === 'job-done' ? 'green' : 'red';
	out.parts(`${localTime(at)}  `, { text: title, style }, often);
	out.line(`  ${text}${subject === null ? '' : ` ${subject}`}`);
};

const run = async (context: Context, options: Options): Promise<void> => {
	const http = await context.connect(options);
	const { out, signal } = context;
	const only = options.all ? {} : { unread: true };
	const { items, unread } = await listNotices(http, { ...only, limit: options.limit }, { signal });
	const newest = items[0];
	if (options.read && newest) await markNoticesRead(http, { upTo: newest.id }, { signal });
	if (options.json) return out.json({ items: items.map((notice) => answeredJson(notice)), unread });
	for (const notice of items) show(out, notice);
	if (items.length === 0) out.note(options.all ? 'There are no notices.' : 'There is nothing new; all: --all');
	else if (unread > items.length && !options.all) out.note(`${counted(unread, 'unread notice')} in all.`);
};

/** `millrace notices`: what failed, what is done, what has paused itself. */
export const noticesCommand = (context: Context): Command =>
	serverCommand('notices')
		.description('what failed, what is done and what has paused itself, newest first')
		.option('--all', 'those that were read, too')
		.option('--read', 'mark them as read, and older ones')
		.option('--limit <N>', 'so many (default: 20)', wholeNumber(1, 1_000), 20)
		.option('--json', 'as JSON: {"items": […], "unread": N}')
		.addHelpText('after', '\nExamples:\n  millrace notices\n  millrace notices --read\n  millrace notices --all --json')
		.action((options: Options) => run(context, options));
