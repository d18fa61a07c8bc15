import { counted } from './count-words.ts';
import { durationInWords } from './duration-words.ts';
import type { StayInLine } from './protocol/task-decisions.ts';

const LEFT: Record<StayInLine['left'], string> = {
	started: 'It started',
	'taken-out': 'It was taken out of line',
	'coordinator-stopped': 'It was still in line when the coordinator stopped',
	waits: 'It still stands in line',
};

/** How a task came in line, and what was before it. */
export const cameInWords = ({ came, queue, serviceClass, priority, boosted, ahead }: StayInLine): string => {
	const how = came === 'arrived' ? 'came in line' : 'was put in line again when the coordinator started';
	const where = queue === null ? 'no queue took it' : `queue ${queue}`;
	const before =
		ahead === null
			? ''
			: ` Before it: ${counted(ahead.own, 'task')} of its owner, and ${counted(ahead.people, 'other person', 'other people')}.`;
	return `It ${how}: ${where}, class ${serviceClass}, priority ${priority}${boosted ? ', boosted' : ''}.${before}`;
};

/** What ended its time in line, after how long and how many others. */
export const leftInWords = ({ from, to, left, start, starts }: StayInLine): string => {
	const others = counted(starts, 'other start');
	if (to === null) return `${LEFT[left]}; ${others} so far.`;
	const node = start === null ? '' : ` on ${start.node}`;
	const fact = start?.sentence ? ` At that moment: ${start.sentence}` : '';
	return `${LEFT[left]}${node} after ${durationInWords(Date.parse(to) - Date.parse(from))}; ${others} meanwhile.${fact}`;
};

/** Why it is not told who went first. */
export const notExactInWords = (why: string): string => `The decisions could not be made again: ${why}.`;
