import type { TaskState } from '../../shared/protocol/task.ts';
import { formatPercent } from './format.ts';
import { Icon } from './icons.tsx';
import classes from './state-chip.module.css';
import { type StateLook, TASK_LOOKS } from './task-words.ts';

interface LookChipProps {
	look: StateLook;
	prefix?: string;
	suffix?: string;
	/** Without its coloured ground: for what is as it should be. */
	quiet?: boolean;
}

/** A state as colour, icon and word. */
export const LookChip = ({ look, prefix, suffix, quiet = false }: LookChipProps) => (
	<span className={classes.chip} data-color={look.color} data-quiet={quiet || undefined}>
		<Icon name={look.icon} size={14} />
		<span className={classes.words}>
			{prefix && <span className={classes.prefix}>{prefix} </span>}
			{look.word.toLowerCase()}
			{suffix && ` ${suffix}`}
		</span>
	</span>
);

interface TaskChipProps {
	state: TaskState;
	progress?: number | null;
	type?: string;
	cancelling?: boolean;
	/** Keep what succeeded in the background, as in long lists. */
	quiet?: boolean;
}

/** A task's state, with its progress while it runs: `thumbnail running 40 %`. */
export const TaskChip = ({ state, progress, type, cancelling = false, quiet = false }: TaskChipProps) => {
	const base = TASK_LOOKS[state];
	const look = cancelling ? { ...base, word: 'Cancelling', icon: 'ban' as const } : base;
	const share =
		state === 'running' && !cancelling && typeof progress === 'number' ? formatPercent(progress) : undefined;
	return (
		<LookChip
			look={look}
			quiet={quiet && state === 'succeeded'}
			{...(type ? { prefix: type } : {})}
			{...(share ? { suffix: share } : {})}
		/>
	);
};
