import type { TaskState } from '../../shared/protocol/task.ts';
import { formatPercent } from './format.ts';
import { Icon } from './icons.tsx';
import classes from './state-chip.module.css';
import { HELD_LOOK, type StateLook, TASK_LOOKS } from './task-words.ts';

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

const IN_LINE: readonly TaskState[] = ['waiting', 'queued', 'retrying'];

interface TaskChipProps {
	state: TaskState;
	progress?: number | null;
	type?: string;
	cancelling?: boolean;
	/** Somebody keeps it out of line; what runs is shown as running all the same. */
	held?: boolean;
	/** It goes before others; told while it is in line. */
	boosted?: boolean;
	/** Keep what succeeded in the background, as in long lists. */
	quiet?: boolean;
}

/** A task's state, with its progress while it runs: `thumbnail running 40 %`. */
export const TaskChip = (props: TaskChipProps) => {
	const { state, progress, type, cancelling = false, held = false, boosted = false, quiet = false } = props;
	const base = held && state !== 'running' ? HELD_LOOK : TASK_LOOKS[state];
	const look = cancelling ? { ...base, word: 'Cancelling', icon: 'ban' as const } : base;
	const share =
		state === 'running' && !cancelling && typeof progress === 'number' ? formatPercent(progress) : undefined;
	const isBoosted = boosted && !cancelling && IN_LINE.includes(state);
	const suffix = isBoosted ? '(boosted)' : share;
	return (
		<LookChip
			look={isBoosted && look !== HELD_LOOK ? { ...look, color: 'indigo', icon: 'zap' } : look}
			quiet={quiet && state === 'succeeded'}
			{...(type ? { prefix: type } : {})}
			{...(suffix ? { suffix } : {})}
		/>
	);
};
