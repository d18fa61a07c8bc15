import { Link } from 'react-router';
import { taskOutputPath } from '../../../shared/client/tasks.ts';
import { isFinalTaskState, type TaskDetail } from '../../../shared/protocol/task.ts';
import { formatBytes } from '../../kit/format.ts';
import { JsonView } from '../../kit/json-view.tsx';
import { http } from '../../kit/remote/api.ts';
import { Fact } from '../../kit/shell/fact.tsx';
import page from '../../kit/shell/page.module.css';
import { TaskChip } from '../../kit/state-chip.tsx';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { Duration } from '../../kit/time.tsx';
import classes from './types.module.css';
import { useTestRun } from './use-types.ts';
import { words } from './words.ts';

/** What becomes of a test run, until it is over and after. */
export const TestOutcome = ({ id }: { id: string }) => {
	const task = useTestRun(id);
	return (
		<div className={classes.outcome} role="status" aria-label={words.result}>
			{task.data !== undefined ? (
				<Outcome task={task.data} />
			) : task.error ? (
				<ErrorState error={task.error} what={words.taskCannot} onRetry={() => void task.refetch()} />
			) : (
				<LoadingState what={words.taskWhat} rows={2} />
			)}
		</div>
	);
};

const Outcome = ({ task }: { task: TaskDetail }) => {
	const { id, state, progress, waitingBecause, error, result, outputs, startedAt, finishedAt, node } = task;
	return (
		<>
			<dl className={page.facts}>
				<Fact name={words.state}>
					<TaskChip state={state} progress={progress} />{' '}
					<Link className={page.link!} to={`/tasks/${id}`}>
						{words.toTask}
					</Link>
				</Fact>
				{waitingBecause !== null && <Fact name={words.waits}>{waitingBecause}</Fact>}
				{node !== null && <Fact name={words.on}>{node}</Fact>}
				{startedAt !== null && (
					<Fact name={words.took}>
						<Duration from={startedAt} until={finishedAt} />
					</Fact>
				)}
			</dl>
			{error !== null && <p className={page.fault}>{error.message}</p>}
			{outputs.length > 0 && (
				<ul className={classes.outputs} aria-label={words.outputList}>
					{outputs.map(({ name, size, mediaType }) => (
						<li key={name}>
							<a className={page.link} href={http.urlOf(taskOutputPath(id, name))} download={name}>
								{name}
							</a>{' '}
							{mediaType}, {formatBytes(size)}
						</li>
					))}
				</ul>
			)}
			{isFinalTaskState(state) &&
				(result !== null ? (
					<JsonView value={result} label={words.result} />
				) : (
					state === 'succeeded' && <p className={page.quiet}>{words.noResult}</p>
				))}
		</>
	);
};
