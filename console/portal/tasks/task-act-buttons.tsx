import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { cancelTask, holdTask, releaseTask, retryTask } from '../../../shared/client/tasks.ts';
import { isFinalTaskState, type TaskDetail } from '../../../shared/protocol/task.ts';
import { Icon } from '../../kit/icons.tsx';
import { notifyError } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { useMe } from '../../kit/session/session.tsx';
import { canCancel, canHold, canRelease, canRetry } from '../../kit/tasks/headline.ts';
import { keys } from '../remote/keys.ts';
import classes from './task-page.module.css';

const readAgain = (id: string) =>
	Promise.all([
		queryClient.invalidateQueries({ queryKey: keys.task(id) }),
		queryClient.invalidateQueries({ queryKey: keys.taskLists }),
	]);

/** What the person may do to the task now. */
export const TaskActs = ({ task }: { task: TaskDetail }) => {
	const navigate = useNavigate();
	const cancel = useMutation({
		mutationFn: () => cancelTask(http, task.id),
		onSettled: () => readAgain(task.id),
		onError: (error) => notifyError('The task was not cancelled', errorText(error)),
	});
	const retry = useMutation({
		mutationFn: () => retryTask(http, task.id),
		onSuccess: async ({ id }) => {
			await readAgain(task.id);
			if (id !== task.id) await navigate(`/tasks/${id}`);
		},
		onError: (error) => notifyError('The task was not queued again', errorText(error)),
	});
	const me = useMe();
	const hold = useMutation({
		mutationFn: () => holdTask(http, task.id),
		onSettled: () => readAgain(task.id),
		onError: (error) => notifyError('The task is not held', errorText(error)),
	});
	const release = useMutation({
		mutationFn: () => releaseTask(http, task.id),
		onSettled: () => readAgain(task.id),
		onError: (error) => notifyError('The task was not released', errorText(error)),
	});
	return (
		<div className={classes.acts}>
			{canRelease(task, me) && (
				<Button
					leftSection={<Icon name="play" size={17} />}
					loading={release.isPending}
					onClick={() => release.mutate()}
				>
					Release
				</Button>
			)}
			{canHold(task, me) && (
				<Button
					variant="default"
					leftSection={<Icon name="pause" size={17} />}
					loading={hold.isPending}
					onClick={() => hold.mutate()}
				>
					Hold
				</Button>
			)}
			{canCancel(task) && (
				<Button
					variant="default"
					leftSection={<Icon name="ban" size={17} />}
					loading={cancel.isPending}
					onClick={() => cancel.mutate()}
				>
					Cancel
				</Button>
			)}
			{canRetry(task) && (
				<Button
					leftSection={<Icon name="refresh" size={17} />}
					loading={retry.isPending}
					onClick={() => retry.mutate()}
				>
					Retry
				</Button>
			)}
			{isFinalTaskState(task.state) && task.owner === me.id && (
				<Button
					component={Link}
					to={`/process?again=${task.id}`}
					variant="default"
					leftSection={<Icon name="edit" size={16} />}
				>
					Edit and run…
				</Button>
			)}
		</div>
	);
};
