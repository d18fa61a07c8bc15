import { Command } from 'commander';
import { answeredJson, type HttpClient } from '../../../shared/client/http-client.ts';
import { eachItem } from '../../../shared/client/page.ts';
import {
	deleteSchedule,
	listScheduleRuns,
	listSchedules,
	pauseSchedule,
	previewSchedule,
	readSchedule,
	resumeSchedule,
	runSchedule,
} from '../../../shared/client/schedules.ts';
import type { ScheduleRunView, ScheduleSummary } from '../../../shared/protocol/schedule.ts';
import { type Context, serverCommand } from '../context.ts';
import { wholeNumber } from '../number-option.ts';
import { addScheduleCommand, type TimeOptions, timesOf, withTimes } from '../schedules/add-schedule.ts';
import { findSchedule } from '../schedules/find-schedule.ts';
import { RUN_COLUMNS, runRow, showSchedule } from '../schedules/show-schedule.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { printTable } from '../terminal/table.ts';
import { localTime } from '../terminal/words.ts';

interface Options extends ServerChoice {
	json?: boolean;
	owner?: string;
	reason?: string;
	limit?: number;
}

const COLUMNS = ['NAME', 'STATE', 'NEXT RUN', 'LAST RUN', 'WHEN'].map((title) => ({ title }));

const lastRun = ({ lastRun: run }: ScheduleSummary): string => (run === null ? 'never' : (run.jobState ?? run.outcome));

const list = async (context: Context, options: Options): Promise<void> => {
	const http = await context.connect(options);
	const { signal, out } = context;
	const owner = options.owner === undefined ? {} : { owner: options.owner };
	const pages = (cursor?: string) => listSchedules(http, { ...owner, ...(cursor ? { cursor } : {}) }, { signal });
	const found: ScheduleSummary[] = [];
	for await (const schedule of eachItem(pages)) found.push(schedule);
	if (options.json) return out.json({ items: found.map((schedule) => answeredJson(schedule)) });
	if (found.length === 0) out.note('There are no schedules yet: millrace schedules create --help');
	const rows = found.map((schedule) => [
		schedule.name,
		{ text: schedule.state, style: schedule.state === 'paused' ? ('yellow' as const) : undefined },
		schedule.nextRunAt === null ? '' : localTime(schedule.nextRunAt),
		lastRun(schedule),
		schedule.sentence,
	]);
	printTable(out, COLUMNS, rows);
};

type Act = (http: HttpClient, id: string, options: Options) => Promise<object>;

/** `millrace schedules`: what runs by itself, and when. */
export const schedulesCommand = (context: Context): Command => {
	const command = new Command('schedules').description('run tasks at times of the day or at intervals');
	const add = (made: Command): Command => {
		command.addCommand(made.option('--json', 'as JSON'));
		return made;
	};
	const act = (name: string, description: string, does: Act): Command =>
		add(serverCommand(name).description(description).argument('<schedule>', 'name or id')).action(
			async (named: string, options: Options) => {
				const http = await context.connect(options);
				const { id } = await findSchedule(http, named, context.signal);
				const answer = await does(http, id, options);
				if (options.json) context.out.json(answer);
				else context.out.line(told(answer));
			},
		);

	add(serverCommand('list').description('list your schedules'))
		.option('--owner <ID>', 'another person’s, or all (operators)')
		.action((options: Options) => list(context, options));
	add(addScheduleCommand(context));
	add(serverCommand('show').description('when a schedule runs, what, and how it goes'))
		.argument('<schedule>', 'name or id')
		.action(async (named: string, options: Options) => {
			const http = await context.connect(options);
			const { id } = await findSchedule(http, named, context.signal);
			const schedule = await readSchedule(http, id, { signal: context.signal });
			if (options.json) context.out.json(schedule);
			else showSchedule(context.out, schedule);
		});
	add(serverCommand('runs').description('what became of its times, newest first'))
		.argument('<schedule>', 'name or id')
		.option('--limit <N>', 'so many (default: 20)', wholeNumber(1, 1_000), 20)
		.action(async (named: string, options: Options) => {
			const http = await context.connect(options);
			const { id } = await findSchedule(http, named, context.signal);
			const { items } = await listScheduleRuns(http, id, { limit: options.limit ?? 20 }, { signal: context.signal });
			if (options.json) context.out.json({ items: items.map((run) => answeredJson(run)) });
			else printTable(context.out, RUN_COLUMNS, items.map(runRow));
		});
	act('pause', 'let it run no more until it is resumed', (http, id, { reason }) =>
		pauseSchedule(http, id, reason),
	).option('--reason <TEXT>', 'why, for whoever looks at it');
	act('resume', 'let it run again from its next time on', resumeSchedule);
	act('run', 'run it now, also a paused one', runSchedule);
	act('delete', 'delete it; what runs goes on', async (http, id) => {
		await deleteSchedule(http, id);
		return { id, deleted: true };
	});
	add(withTimes(serverCommand('preview').description('tell when something would run')))
		.addHelpText('after', '\nExamples:\n  millrace schedules preview --cron "30 7 * * 1-5" --zone Europe/London')
		.action(async (options: Options & TimeOptions) => {
			const http = await context.connect(options);
			const preview = await previewSchedule(http, timesOf(options), { signal: context.signal });
			if (options.json) return context.out.json(preview);
			context.out.line(preview.sentence);
			for (const at of preview.nextRuns) context.out.line(`  ${localTime(at)}`);
		});
	return command.addHelpText(
		'after',
		`
Examples:
  millrace schedules create morning md5 /report.pdf --cron "30 7 * * *" --zone Europe/London
  millrace schedules create tidy noop --every 10m --class background
  millrace schedules pause morning --reason "on holiday"
  millrace schedules runs morning`,
	);
};

const told = (answer: object): string => {
	if ('deleted' in answer) return 'It is deleted.';
	if ('outcome' in answer) {
		const { outcome, reason, job } = answer as ScheduleRunView;
		const made = job === null ? '' : ` Its job is ${job.id}: millrace job ${job.id}`;
		return `The run is ${outcome}${reason === null ? '.' : `: ${reason}`}${made}`;
	}
	const { name, state, nextRunAt } = answer as ScheduleSummary;
	return `${name} is ${state}${nextRunAt === null ? '.' : `; it runs next at ${localTime(nextRunAt)}.`}`;
};
