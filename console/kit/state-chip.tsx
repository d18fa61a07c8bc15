import type { TaskState } from '../../shared/protocol/task.ts';
import { formatPercent } from './format.ts';
import { Icon } from './icons.tsx';
import classes from './state-chip.module.css';
import { type StateLook, TASK_LOOKS } from './task-words.ts';

/** A state as colour, icon and word. */
export const LookChip = ({ look, prefix, suffix }: { look: StateLook; prefix?: string; suffix?: string }) => (
	<span className={classes.chip} data-color={look.color}>
		<Icon name={look.icon} size={13} />
		<span className={classes.words}>
			{prefix && <span className={classes.prefix}>{prefix} </span>}
			{look.word.toLowerCase()}
			{suffix && ` ${suffix}`}
		</span>
	</span>
);

/** A task's state, with its progress while it runs: `thumbnail running 40 %`. */
export const TaskChip = (props: {
	state: TaskState;
	progress?: number | null;
	type?: string;
	cancelling?: boolean;
}) => {
	const { state, progress, type, cancelling = false } = props;
	const base = TASK_LOOKS[state];
	const look = cancelling ? { ...base, word: 'Cancelling', icon: 'ban' as const } : base;
	const share =
		state === 'running' && !cancelling && typeof progress === 'number' ? formatPercent(progress) : undefined;
	return <LookChip look={look} {...(type ? { prefix: type } : {})} {...(share ? { suffix: share } : {})} />;
};
