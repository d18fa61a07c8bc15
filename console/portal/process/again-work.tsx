import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { idSchema } from '../../../shared/protocol/ids.ts';
import type { TaskDetail } from '../../../shared/protocol/task.ts';
import { ReadOne } from '../../kit/shell/read-one.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { useTask, useTaskTypes } from '../remote/use-tasks.ts';
import { AgainForm } from './again-form.tsx';

/** Does again what a task did, with its settings to be changed first. */
export const AgainWork = ({ id }: { id: string }) => {
	const query = useTask(id);
	const isId = idSchema('task').safeParse(id).success;
	return (
		<ReadOne query={query} isId={isId} what="task" all={{ to: '/tasks', word: 'All tasks' }}>
			{(task) => <WithType task={task} />}
		</ReadOne>
	);
};

const WithType = ({ task }: { task: TaskDetail }) => {
	const types = useTaskTypes();
	if (types.data === undefined) {
		return types.isError ? (
			<ErrorState error={types.error} what="The task types cannot be read" onRetry={() => void types.refetch()} />
		) : (
			<LoadingState what="the task types" />
		);
	}
	const type = types.data.items.find(({ name }) => name === task.type);
	if (type === undefined || type.source) {
		return (
			<EmptyState
				isPage
				icon="ban"
				title={type ? `${type.title} runs by its source` : `There is no ${task.type} any more`}
				actions={
					<Button component={Link} to={`/tasks/${task.id}`}>
						To the task
					</Button>
				}
			>
				{type
					? 'The source keeps how far it has read; run its schedule instead.'
					: 'Its task type was retired, so it cannot be done again. Process the files with another one.'}
			</EmptyState>
		);
	}
	// The task moves on while one writes; what was written stays.
	return <AgainForm key={`${task.id} ${type.version}`} task={task} type={type} />;
};
