import type { AttemptState, TaskState } from '../../shared/protocol/task.ts';
import type { IconName } from './icons.tsx';

/** How a state is told: always colour, icon and word together. */
export interface StateLook {
	word: string;
	color: string;
	icon: IconName;
}

export const TASK_LOOKS: Record<TaskState, StateLook> = {
	waiting: { word: 'Waiting', color: 'gray', icon: 'hourglass' },
	queued: { word: 'Queued', color: 'gray', icon: 'list' },
	running: { word: 'Running', color: 'indigo', icon: 'play' },
	retrying: { word: 'Retrying', color: 'orange', icon: 'refresh' },
	succeeded: { word: 'Done', color: 'teal', icon: 'circleCheck' },
	failed: { word: 'Failed', color: 'red', icon: 'circleX' },
	cancelled: { word: 'Cancelled', color: 'gray', icon: 'ban' },
	expired: { word: 'Expired', color: 'orange', icon: 'clock' },
	quarantined: { word: 'Quarantined', color: 'grape', icon: 'alert' },
};

/** Out of line until somebody releases it: it would otherwise look like any that waits. */
export const HELD_LOOK: StateLook = { word: 'Held', color: 'orange', icon: 'pause' };

export const ATTEMPT_LOOKS: Record<AttemptState, StateLook> = {
	running: TASK_LOOKS.running,
	succeeded: TASK_LOOKS.succeeded,
	failed: TASK_LOOKS.failed,
	cancelled: TASK_LOOKS.cancelled,
	returned: { word: 'Given back', color: 'gray', icon: 'restore' },
	lost: { word: 'Lost', color: 'orange', icon: 'wifiOff' },
};
