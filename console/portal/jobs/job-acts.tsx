import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type JobAct, steerJob } from '../../../shared/client/jobs.ts';
import type { JobView } from '../../../shared/protocol/job.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { plural } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import classes from '../../kit/shell/page.module.css';
import { keys } from '../remote/keys.ts';
import { isOver } from './job-words.ts';

const FAILED: Record<JobAct, string> = {
	pause: 'The job was not paused',
	resume: 'The job was not resumed',
	cancel: 'The job was not cancelled',
};

const useSteering = (id: string, act: JobAct) =>
	useAct<void, JobView>({
		act: () => steerJob(http, id, act),
		key: keys.jobs,
		failed: FAILED[act],
		onDone: (after) => queryClient.setQueryData(keys.job(id), after),
	});

/** What may be done with the job now. */
export const JobActs = ({ job }: { job: JobView }) => {
	const [asking, ask] = useDisclosure(false);
	const pause = useSteering(job.id, 'pause');
	const resume = useSteering(job.id, 'resume');
	const cancel = useSteering(job.id, 'cancel');
	if (isOver(job)) return null;
	return (
		<div className={classes.acts}>
			{job.state === 'paused' ? (
				<Button leftSection={<Icon name="play" size={17} />} loading={resume.isPending} onClick={() => resume.mutate()}>
					Resume
				</Button>
			) : (
				<Button
					variant="default"
					leftSection={<Icon name="pause" size={17} />}
					loading={pause.isPending}
					onClick={() => pause.mutate()}
				>
					Pause
				</Button>
			)}
			<Button variant="default" leftSection={<Icon name="ban" size={17} />} onClick={ask.open}>
				Cancel…
			</Button>
			<ConfirmDialog
				opened={asking}
				title={`Cancel ${job.title}?`}
				act="Cancel the job"
				busy={cancel.isPending}
				onClose={ask.close}
				onConfirm={() => cancel.mutate(undefined, { onSettled: ask.close })}
			>
				{job.tasks.open > 0 ? plural(job.tasks.open, 'task') : 'What is to come'} will not be done, and those that run
				are told to stop. What is done already stays.
			</ConfirmDialog>
		</div>
	);
};
