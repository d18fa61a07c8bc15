import type { ScheduleRunView, ScheduleView } from '../../../shared/protocol/schedule.ts';
import type { TaskInput } from '../../../shared/protocol/task.ts';
import { selectionWords } from '../../../shared/selection-words.ts';
import type { Output } from '../terminal/output.ts';
import { localTime } from '../terminal/words.ts';

const MISFIRES = {
	skip: 'do not run',
	once: 'run once for all of them',
	all: 'run each, one after the other',
};
const OVERLAPS = {
	skip: 'it does not run',
	queue: 'it waits for that',
	'cancel-old': 'the old one is cancelled',
};

const inputWords = (input: TaskInput): string =>
	'file' in input ? input.file : `dataset:${input.dataset}/${input.path}`;

/** A schedule for a person to read. */
export const showSchedule = (out: Output, schedule: ScheduleView): void => {
	const { name, id, sentence, routingKey, serviceClass } = schedule;
	const line = (title: string, text: string): void => out.line(`${`${title}:`.padEnd(18)}${text}`);
	line('schedule', `${name} (${id})`);
	line('when', sentence);
	if ('type' in schedule) {
		line('what', `${schedule.type} ${JSON.stringify(schedule.parameters)}`);
		const { inputs } = schedule;
		if (inputs.length > 0) line('inputs', inputs.map(inputWords).join(', '));
	} else if ('source' in schedule) line('what', `what the source ${schedule.source} has to bring`);
	else line('what', `the recipe ${schedule.recipe} over ${selectionWords(schedule.over)}`);
	if (routingKey !== undefined) line('routing key', routingKey);
	if (serviceClass !== undefined) line('service class', serviceClass);
	line('times missed', MISFIRES[schedule.misfire]);
	line('if one still runs', OVERLAPS[schedule.overlap]);
	const { pauseAfter, failures } = schedule;
	line('failures', `${failures} in a row${pauseAfter === 0 ? '' : `; paused after ${pauseAfter}`}`);
	line('state', schedule.reason === null ? schedule.state : `${schedule.state}: ${schedule.reason}`);
	for (const [i, at] of schedule.nextRuns.entries()) line(i === 0 ? 'next runs' : '', localTime(at));
};

export const RUN_COLUMNS = ['TIME', 'KIND', 'OUTCOME', 'JOB', 'TASKS', 'REASON'].map((title) => ({ title }));

export const runRow = ({ nominalAt, kind, outcome, job, reason }: ScheduleRunView): string[] => [
	localTime(nominalAt),
	kind,
	outcome,
	job === null ? '' : `${job.id} ${job.state}`,
	job === null ? '' : String(job.tasks.length),
	reason ?? '',
];
