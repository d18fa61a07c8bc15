import { Button, Progress } from '@mantine/core';
import { Link, useParams } from 'react-router';
import { CodedError } from '../../../shared/coded-error.ts';
import { idSchema } from '../../../shared/protocol/ids.ts';
import { isFinalTaskState, type TaskDetail } from '../../../shared/protocol/task.ts';
import { JsonView } from '../../kit/json-view.tsx';
import { LogView } from '../../kit/log-view.tsx';
import { useMe } from '../../kit/session/session.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { AttemptTable } from '../../kit/tasks/attempt-table.tsx';
import { printable } from '../../kit/tasks/log-lines.ts';
import { TaskHeadline } from '../../kit/tasks/task-headline.tsx';
import { TaskStateChip } from '../../kit/tasks/task-state-chip.tsx';
import { UsageFigures } from '../../kit/tasks/usage-figures.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { useTask } from '../remote/use-tasks.ts';
import { AgainActs } from '../results/again-acts.tsx';
import { FileNow } from '../results/file-now.tsx';
import { MadeFacts } from '../results/made-facts.tsx';
import { madeByTask } from '../results/made-words.ts';
import { OutputList } from './output-list.tsx';
import { TaskActs } from './task-act-buttons.tsx';
import { TaskFacts } from './task-facts.tsx';
import classes from './task-page.module.css';

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

/** Something came out of it that is no file yet. */
const hasUnfiled = ({ state, outputs, filings }: TaskDetail): boolean =>
	state === 'succeeded' &&
	outputs.some((output) => !filings.some((filing) => filing.name === output.name && filing.state === 'filed'));

const TaskView = ({ task }: { task: TaskDetail }) => {
	const isOwn = task.owner === useMe().id;
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
							<div className={classes.cardHead}>
								<h2>Result</h2>
								{isOwn && hasUnfiled(task) && <FileNow task={task.id} />}
							</div>
							{task.outputs.length > 0 && <OutputList task={task} />}
							{hasResult && <JsonView value={task.result ?? {}} label="Result" />}
						</section>
					)}
					<section className={classes.card}>
						<div className={classes.cardHead}>
							<h2>{task.state === 'succeeded' ? 'How this was made' : 'What it does'}</h2>
							{!isOpen && isOwn && <AgainActs task={task.id} />}
						</div>
						<MadeFacts made={madeByTask(task)} isOnTask />
					</section>
					<section className={classes.card}>
						<h2>Attempts</h2>
						<AttemptTable attempts={task.attempts} />
					</section>
					<section className={classes.card}>
						<h2>Log</h2>
						<LogView id={task.id} isOpen={isOpen} textOf={printable} />
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
				</aside>
			</div>
		</>
	);
};
