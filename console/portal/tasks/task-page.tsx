import { Button, Progress } from '@mantine/core';
import { Link, useParams } from 'react-router';
import { CodedError } from '../../../shared/coded-error.ts';
import { idSchema } from '../../../shared/protocol/ids.ts';
import { isFinalTaskState, type TaskDetail } from '../../../shared/protocol/task.ts';
import { JsonView } from '../../kit/json-view.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { useTask } from '../remote/use-tasks.ts';
import { AttemptTable } from './attempt-table.tsx';
import { OutputList } from './output-list.tsx';
import { TaskActs } from './task-act-buttons.tsx';
import { TaskFacts } from './task-facts.tsx';
import { TaskHeadline } from './task-headline.tsx';
import { TaskLog } from './task-log.tsx';
import classes from './task-page.module.css';
import { TaskStateChip } from './task-state-chip.tsx';
import { UsageFigures } from './usage-figures.tsx';

/** One task: how it is and why, what was tried where, what it said, what came out, what it used. */
export const TaskPage = () => {
	const { id = '' } = useParams();
	const query = useTask(id);
	useTitle(query.data ? `${query.data.type} task` : 'Task');
	if (query.data) return <TaskView key={id} task={query.data} />;
	const toTasks = (
		<Button component={Link} to="/tasks">
			All tasks
		</Button>
	);
	if (isNoSuchTask(id, query.error)) {
		return (
			<EmptyState isPage icon="search" title="There is no such task" actions={toTasks}>
				It may belong to somebody else, or the link may be mistyped.
			</EmptyState>
		);
	}
	if (query.isError) {
		return (
			<ErrorState
				error={query.error}
				what="The task cannot be shown"
				onRetry={() => void query.refetch()}
				actions={toTasks}
			/>
		);
	}
	return <LoadingState what="the task" />;
};

/** Also for what is no task's id at all: trying again helps with neither. */
const isNoSuchTask = (id: string, error: unknown): boolean =>
	!idSchema('task').safeParse(id).success || (error instanceof CodedError && error.code === 'not-found');

const TaskView = ({ task }: { task: TaskDetail }) => {
	const isOpen = !isFinalTaskState(task.state);
	const hasResult = task.result !== null && Object.keys(task.result).length > 0;
	return (
		<>
			<Link className={classes.back!} to="/tasks">
				All tasks
			</Link>
			<div className={classes.head}>
				<div className={classes.titleLine}>
					<h1 className={classes.title}>{task.type}</h1>
					<TaskStateChip task={task} />
				</div>
				<TaskActs task={task} />
			</div>
			<TaskHeadline task={task} />
			{task.state === 'running' && task.progress !== null && (
				<Progress size={6} mb="md" value={task.progress * 100} aria-label="Progress of the task" />
			)}
			<div className={classes.columns}>
				<div className={classes.main}>
					{(hasResult || task.outputs.length > 0) && (
						<section className={classes.card}>
							<h2>Result</h2>
							{task.outputs.length > 0 && <OutputList outputs={task.outputs} />}
							{hasResult && <JsonView value={task.result ?? {}} label="Result" />}
						</section>
					)}
					<section className={classes.card}>
						<h2>Attempts</h2>
						<AttemptTable attempts={task.attempts} />
					</section>
					<section className={classes.card}>
						<h2>Log</h2>
						<TaskLog id={task.id} isOpen={isOpen} />
					</section>
				</div>
				<aside className={classes.side} aria-label="About the task">
					<section className={classes.card}>
						<h2>About</h2>
						<TaskFacts task={task} />
					</section>
					<section className={classes.card}>
						<h2>Usage</h2>
						<UsageFigures task={task} />
					</section>
					{Object.keys(task.parameters).length > 0 && (
						<section className={classes.card}>
							<h2>Parameters</h2>
							<JsonView value={task.parameters} label="Parameters" />
						</section>
					)}
				</aside>
			</div>
		</>
	);
};
