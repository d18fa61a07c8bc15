import type { Command } from 'commander';
import { answeredJson } from '../../../../shared/client/http-client.ts';
import { readTaskDecisions } from '../../../../shared/client/task-decisions.ts';
import type { StayInLine, TaskDecisions } from '../../../../shared/protocol/task-decisions.ts';
import { cameInWords, leftInWords, notExactInWords } from '../../../../shared/stay-words.ts';
import { WENT_FIRST_WORDS } from '../../../../shared/went-first-words.ts';
import { type Context, serverCommand } from '../../context.ts';
import type { ServerChoice } from '../../settings/connection.ts';
import type { Output } from '../../terminal/output.ts';
import { printTable } from '../../terminal/table.ts';
import { counted, durationInWords, localTime } from '../../terminal/words.ts';
import { foldedStarts } from './folded-starts.ts';

interface Options extends ServerChoice {
	json?: boolean;
}

const between = (from: string, to: string): string => durationInWords(Date.parse(to) - Date.parse(from));

const showStay = (out: Output, stay: StayInLine): void => {
	out.line(`${localTime(stay.from)}  ${cameInWords(stay)}`, 'bold');
	if (stay.whyNot !== null) out.line(notExactInWords(stay.whyNot), 'yellow');
	for (const { from, to, sentence } of stay.waits.slice(-10)) {
		out.line(`${localTime(from)}  for ${between(from, to)}: ${sentence}`);
	}
	if (stay.wentFirst.length > 0) {
		out.line('');
		out.line('Who was started meanwhile:');
		printTable(
			out,
			[
				{ title: 'STARTS', side: 'right' },
				{ title: 'PERSON' },
				{ title: 'CLASS' },
				{ title: 'QUEUE' },
				{ title: 'WHY' },
			],
			stay.wentFirst.map(({ starts, person, serviceClass, queue, rule }) => [
				String(starts),
				person ?? '?',
				serviceClass ?? '?',
				queue ?? '',
				WENT_FIRST_WORDS[rule],
			]),
		);
	}
	if (stay.passedOver.length > 0) {
		out.line('');
		out.line('The last decisions that went to others:');
		printTable(
			out,
			[{ title: 'AT' }, { title: 'TASK' }, { title: 'PERSON' }, { title: 'NODE' }, { title: 'WHY' }],
			foldedStarts(stay.passedOver).map(({ from, to, count, task, person, node, rule }) => [
				count === 1 ? localTime(from) : `${localTime(from)} to ${localTime(to).slice(11)}`,
				count === 1 ? (task ?? '?') : counted(count, 'task'),
				person ?? '?',
				node,
				WENT_FIRST_WORDS[rule],
			]),
		);
	}
	out.line('');
	out.line(`${stay.to === null ? '' : `${localTime(stay.to)}  `}${leftInWords(stay)}`);
	if (stay.end !== null) {
		const { at, costMs } = stay.end;
		const cost = costMs === null ? 'nothing is counted for it' : `counted as ${durationInWords(costMs)}`;
		out.line(`${localTime(at)}  It gave its slot back; ${cost}.`);
	}
};

const show = (out: Output, { stays, gaps, isCut }: TaskDecisions): void => {
	for (const [i, stay] of stays.entries()) {
		if (i > 0) out.line('');
		showStay(out, stay);
	}
	if (stays.length === 0) {
		out.note('The journal tells nothing of it: it has not been in line, or that is not kept any more.');
	}
	for (const { from, to } of gaps) {
		out.note(`Something is missing in the journal between ${localTime(from)} and ${localTime(to)}.`);
	}
	if (isCut) out.note('There is more than could be looked through; what is told is a part.');
};

/** `millrace admin explain`: why a task was started when it was, and who went first. */
export const explainCommand = (context: Context): Command =>
	serverCommand('explain')
		.description('tell how a task came to be started when it was, and who went first by which rule')
		.argument('<task>', 'its id')
		.option('--json', 'as JSON: {"task", "stays": […], "gaps", "isCut"}')
		.addHelpText(
			'after',
			`
The coordinator keeps a journal of what its scheduler was told and what it decided (--journal-days of coordinator start).
The decisions around the task are made again from it, which may take some seconds.

Examples:
  millrace admin explain tsk_01jd8x3k9w7f5q2m4n6p8r0s1t
  millrace admin explain tsk_01jd8x3k9w7f5q2m4n6p8r0s1t --json`,
		)
		.action(async (task: string, options: Options) => {
			const http = await context.connect(options);
			const story = await readTaskDecisions(http, task, { signal: context.signal });
			if (options.json) context.out.json(answeredJson(story));
			else show(context.out, story);
		});
