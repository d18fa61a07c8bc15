import type { StayInLine } from '../../../shared/protocol/task-decisions.ts';
import { formatDuration, plural } from '../../kit/format.ts';
import { catalogue } from '../../kit/words.ts';

const LEFT = catalogue('task-left', {
	started: 'It started',
	'taken-out': 'It was taken out of line',
	'coordinator-stopped': 'It was still in line when the coordinator stopped',
	waits: 'It still stands in line',
} satisfies Record<StayInLine['left'], string>);

/** How one time in line began and ended. */
export const stayWords = catalogue('task-stay', {
	came: ({ came, queue, serviceClass, priority, boosted, ahead }: StayInLine): string => {
		const how = came === 'arrived' ? 'came in line' : 'was put in line again when the coordinator started';
		const where = queue === null ? 'no queue took it' : `queue ${queue}`;
		const before =
			ahead === null
				? ''
				: ` Before it: ${plural(ahead.own, 'task')} of its owner, and ${plural(ahead.people, 'other person', 'other people')}.`;
		return `It ${how}: ${where}, class ${serviceClass}, priority ${priority}${boosted ? ', boosted' : ''}.${before}`;
	},
	left: ({ from, to, left, start, starts }: StayInLine): string => {
		const node = start === null ? '' : ` on ${start.node}`;
		const after = to === null ? '' : ` after ${formatDuration(Date.parse(to) - Date.parse(from))}`;
		const fact = start?.sentence ? ` At that moment: ${start.sentence}` : '';
		return `${LEFT[left]}${node}${after}; ${plural(starts, 'other start')} meanwhile.${fact}`;
	},
	notExact: (why: string): string => `The decisions could not be made again: ${why}.`,
});
