import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { answeredJson } from '../../../../shared/client/http-client.ts';
import { askWhatIf } from '../../../../shared/client/what-if.ts';
import { durationInWords } from '../../../../shared/duration-words.ts';
import { MOST_SLOTS } from '../../../../shared/protocol/node.ts';
import type { WhatIfAnswer } from '../../../../shared/protocol/what-if.ts';
import { type Context, serverCommand } from '../../context.ts';
import { wholeNumber } from '../../number-option.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import { printTable } from '../../terminal/table.ts';
import { counted, localTime } from '../../terminal/words.ts';
import { timeOption } from '../../time-option.ts';
import { changeInWords } from '../../what-if/change-words.ts';
import { htmlReport } from '../../what-if/html-report.ts';
import { filesOfClasses, readWish, type WishOptions } from '../../what-if/read-wish.ts';

interface Options extends ServerChoice, WishOptions {
	json?: boolean;
	report?: string;
}

const right = { side: 'right' as const };
const CLASS_COLUMNS = [
	{ title: 'CLASS' },
	{ title: 'TASKS', ...right },
	{ title: 'MEDIAN WAIT', ...right },
	{ title: 'THEN', ...right },
	{ title: 'P95', ...right },
	{ title: 'THEN', ...right },
	{ title: 'REALLY', ...right },
];
const PEOPLE_COLUMNS = [
	{ title: 'PERSON' },
	{ title: 'TASKS', ...right },
	{ title: 'MEDIAN WAIT', ...right },
	{ title: 'THEN', ...right },
];
/** The report has more. */
const PEOPLE_SHOWN = 5;

const run = async (context: Context, options: Options): Promise<void> => {
	const { out } = context;
	const wish = await readWish(options);
	const http = await context.connect(options);
	const answer = await askWhatIf(http, wish, { signal: context.signal });
	// The server has looked at what the files hold.
	const change = changeInWords(wish, filesOfClasses(options));
	if (options.report !== undefined) await writeFile(options.report, htmlReport(answer, change));
	if (options.json) out.json(answeredJson(answer));
	else print(context, answer, change);
	if (options.report !== undefined) out.note(`The report with plots is in ${options.report}`);
};

const print = ({ out }: Context, answer: WhatIfAnswer, change: string): void => {
	const { from, to, tasks, sentences, classes, people, fidelity, notes } = answer;
	out.line(`What if: ${change}`, 'bold');
	out.line(`${localTime(from)} to ${localTime(to)}: ${counted(tasks, 'task')}`, 'dim');
	for (const sentence of sentences) out.line(sentence);
	out.line('');
	const real = new Map(fidelity.map(({ serviceClass, realP50Ms }) => [serviceClass, realP50Ms]));
	const rows = classes.map(({ name, before, after }) => [
		name,
		String(before.waits.tasks),
		durationInWords(before.waits.p50Ms),
		durationInWords(after.waits.p50Ms),
		durationInWords(before.waits.p95Ms),
		durationInWords(after.waits.p95Ms),
		real.has(name) ? durationInWords(real.get(name)!) : '',
	]);
	out.line('Waits by class as it was, THEN with the change; REALLY as it was measured:');
	printTable(out, CLASS_COLUMNS, rows);
	const moved = [...people.mostLost.slice(0, PEOPLE_SHOWN), ...people.mostWon.slice(0, PEOPLE_SHOWN)];
	if (moved.length > 0) {
		out.line('');
		out.line('Whose median wait changes most:');
	}
	const peopleRows = moved.map(({ username, owner, before, after }) => [
		username ?? `person ${owner}`,
		String(before.waits.tasks),
		durationInWords(before.waits.p50Ms),
		durationInWords(after.waits.p50Ms),
	]);
	printTable(out, PEOPLE_COLUMNS, peopleRows);
	for (const note of notes) out.note(note);
};

const collect = (value: string, all: string[] = []): string[] => [...all, value];

/** `millrace admin what-if`: how people would have waited with other classes, queues or nodes. */
export const whatIfCommand = (context: Context): Command =>
	serverCommand('what-if')
		.description('play a recorded time again with other classes, queues or nodes (operators and administrators)')
		.requiredOption('--from <TIME>', 'beginning: so long ago (24h), or a time (2026-03-01T08:00)', timeOption('ago'))
		.option('--to <TIME>', 'end, in the same way; now unless told', timeOption('ago'))
		.option('--class <NAME=FILE>', 'settings of a class as JSON; may be repeated', collect)
		.option(
			'--queues <FILE>',
			'changed queues as JSON: [{"name", "bindingKeys", "paused"} or {"name", "remove": true}]',
		)
		.option('--add-nodes <N>', 'so many nodes more', wholeNumber(1, 10_000))
		.option('--slots <N>', 'tasks at once on each added node', wholeNumber(1, MOST_SLOTS), 4)
		.option('--serving <QUEUES>', 'what the added nodes serve', 'normal')
		.option('--remove-node <NAME>', 'without this node; may be repeated', collect)
		.option('--report <FILE>', 'also write a page with plots, such as what-if.html')
		.option('--json', 'as JSON')
		.addHelpText(
			'after',
			`
Examples:
  millrace admin what-if --from 24h                                  how near the simulation is to what happened
  millrace admin what-if --from 24h --add-nodes 4 --slots 8 --report more-nodes.html
  millrace admin what-if --from 7d --to 6d --class standard=weights.json
  echo '{"band": 7, "weight": 2}' > weights.json                     what is left out is plain

In the table THEN is with the change, and REALLY is what was measured in that time.`,
		)
		.action((options: Options) => run(context, options));
