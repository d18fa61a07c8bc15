import { Button, type MantineSize } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, useNavigate } from 'react-router';
import { deleteSchedule, pauseSchedule, resumeSchedule, runSchedule } from '../../../shared/client/schedules.ts';
import type { ScheduleRunView, ScheduleSummary } from '../../../shared/protocol/schedule.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import classes from '../../kit/shell/page.module.css';
import { keys } from '../remote/keys.ts';

interface ActProps {
	schedule: Pick<ScheduleSummary, 'id' | 'name' | 'state'>;
	size?: MantineSize;
}

/** Pauses it, or lets it go on. */
export const PauseButton = ({ schedule: { id, name, state }, size = 'sm' }: ActProps) => {
	const isPaused = state === 'paused';
	const act = useAct({
		act: () => (isPaused ? resumeSchedule(http, id) : pauseSchedule(http, id)),
		key: keys.schedules,
		done: isPaused ? `${name} goes on` : `${name} is paused`,
		failed: isPaused ? `${name} was not resumed` : `${name} was not paused`,
	});
	return (
		<Button
			variant="default"
			size={size}
			leftSection={<Icon name={isPaused ? 'play' : 'pause'} size={16} />}
			loading={act.isPending}
			onClick={() => act.mutate()}
		>
			{isPaused ? 'Resume' : 'Pause'}
			<span className="millrace-off-screen"> {name}</span>
		</Button>
	);
};

const runWords = (name: string, { outcome, reason }: ScheduleRunView): string => {
	if (outcome === 'started') return `${name} runs now`;
	const because = reason === null ? '' : `: ${reason}`;
	return outcome === 'queued' ? `${name} runs when its last run is over` : `${name} did not run${because}`;
};

/** Runs it at once. */
export const RunButton = ({ schedule: { id, name }, size = 'sm' }: ActProps) => {
	const act = useAct<void, ScheduleRunView>({
		act: () => runSchedule(http, id),
		key: keys.schedules,
		done: (run) => runWords(name, run),
		failed: `${name} was not run`,
		onDone: () => void queryClient.invalidateQueries({ queryKey: keys.jobs }),
	});
	return (
		<Button
			variant="default"
			size={size}
			leftSection={<Icon name="zap" size={16} />}
			loading={act.isPending}
			onClick={() => act.mutate()}
		>
			Run now<span className="millrace-off-screen">: {name}</span>
		</Button>
	);
};

/** All that may be done with it. */
export const ScheduleActs = ({ schedule }: { schedule: ScheduleSummary }) => {
	const navigate = useNavigate();
	const [asking, ask] = useDisclosure(false);
	const remove = useAct({
		act: () => deleteSchedule(http, schedule.id),
		key: keys.schedules,
		done: `The schedule ${schedule.name} is deleted`,
		failed: 'The schedule was not deleted',
		onDone: () => {
			// The page must not read again what is gone.
			queryClient.removeQueries({ queryKey: keys.schedule(schedule.id) });
			queryClient.removeQueries({ queryKey: keys.scheduleRuns(schedule.id) });
			void navigate('/schedules', { replace: true });
		},
	});
	return (
		<div className={classes.acts}>
			<RunButton schedule={schedule} />
			<PauseButton schedule={schedule} />
			{'type' in schedule && (
				<Button
					component={Link}
					to={`/schedules/${schedule.id}/edit`}
					variant="default"
					size="sm"
					leftSection={<Icon name="edit" size={16} />}
				>
					Change
				</Button>
			)}
			<Button variant="default" size="sm" leftSection={<Icon name="trash" size={16} />} onClick={ask.open}>
				Delete…
			</Button>
			<ConfirmDialog
				opened={asking}
				title={`Delete ${schedule.name}?`}
				act="Delete the schedule"
				busy={remove.isPending}
				onClose={ask.close}
				onConfirm={() => remove.mutate(undefined, { onSettled: ask.close })}
			>
				It runs no more, and the list of its runs goes with it. What runs now goes on. To stop it for a while, pause it
				instead.
			</ConfirmDialog>
		</div>
	);
};
