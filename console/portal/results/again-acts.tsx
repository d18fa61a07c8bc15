import { Button } from '@mantine/core';
import { Link, useNavigate } from 'react-router';
import { runAgain } from '../../../shared/client/provenance.ts';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { keys } from '../remote/keys.ts';
import classes from './results.module.css';

/** Does again what a task did: as it was, or with other settings. */
export const AgainActs = ({ task }: { task: string }) => {
	const navigate = useNavigate();
	const again = useAct<void, { id: string }>({
		act: () => runAgain(http, task),
		key: keys.taskLists,
		done: 'It runs again',
		failed: 'It was not run again',
		onDone: ({ id }) => void navigate(`/tasks/${id}`),
	});
	return (
		<div className={classes.acts}>
			<Button
				variant="default"
				size="xs"
				leftSection={<Icon name="refresh" size={15} />}
				loading={again.isPending}
				onClick={() => again.mutate()}
			>
				Run again
			</Button>
			<Button
				component={Link}
				to={`/process?again=${task}`}
				variant="default"
				size="xs"
				leftSection={<Icon name="edit" size={15} />}
			>
				Edit and run
			</Button>
		</div>
	);
};
