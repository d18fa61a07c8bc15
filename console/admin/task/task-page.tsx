import { Progress } from '@mantine/core';
import { Link, useParams } from 'react-router';
import { moneyInWords } from '../../../shared/money-words.ts';
import { idSchema } from '../../../shared/protocol/ids.ts';
import { isFinalTaskState, type TaskDetail } from '../../../shared/protocol/task.ts';
import { formatBytes } from '../../kit/format.ts';
import { JsonView } from '../../kit/json-view.tsx';
import { LogView } from '../../kit/log-view.tsx';
import { Fact } from '../../kit/shell/fact.tsx';
import page from '../../kit/shell/page.module.css';
import { ReadOne } from '../../kit/shell/read-one.tsx';
import { AttemptTable } from '../../kit/tasks/attempt-table.tsx';
import { visible } from '../../kit/tasks/log-lines.ts';
import { TaskHeadline } from '../../kit/tasks/task-headline.tsx';
import { TaskStateChip } from '../../kit/tasks/task-state-chip.tsx';
import { UsageFigures } from '../../kit/tasks/usage-figures.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { DecisionsCard } from './decisions-card.tsx';
import { NodeLink } from './node-link.tsx';
import classes from './task.module.css';
import { TaskActs } from './task-acts.tsx';
import { TaskFacts } from './task-facts.tsx';
import { useTask } from './use-task.ts';
import { WhyNot } from './why-not.tsx';
import { words } from './words.ts';

/** One task: how it is and why, what was tried where, what it said, what it used, how it came to its turn. */
export const TaskPage = () => {
	const { id = '' } = useParams();
	const isId = idSchema('task').safeParse(id).success;
	const query = useTask(id, isId);
	useTitle(query.data ? `${query.data.type} task` : words.title);
	return (
		<ReadOne query={query} isId={isId} what={words.task} all={{ to: '/tasks', word: words.all }}>
			{(task) => <TaskView key={id} task={task} />}
		</ReadOne>
	);
};

const isWaiting = ({ state }: TaskDetail): boolean => state !== 'running' && !isFinalTaskState(state);

const TaskView = ({ task }: { task: TaskDetail }) => {
	const hasResult = task.result !== null && Object.keys(task.result).length > 0;
	return (
		<>
			<Link className={page.back!} to="/tasks">
				{words.all}
			</Link>
			<div className={page.head}>
				<div className={page.titleLine}>
					<h1 className={page.title}>{task.type}</h1>
					<TaskStateChip task={task} />
				</div>
				<TaskActs task={task} />
			</div>
			<TaskHeadline task={task} />
			{task.state === 'running' && task.progress !== null && (
				<Progress size={6} mb="md" value={task.progress * 100} aria-label={words.progressOfTheTask} />
			)}
			<div className={page.columns}>
				<div className={page.main}>
					{isWaiting(task) && (
						<section className={page.card}>
							<h2>{words.whyNot}</h2>
							<WhyNot id={task.id} />
						</section>
					)}
					<section className={page.card}>
						<h2>{words.attempts}</h2>
						<AttemptTable attempts={task.attempts} node={(name) => <NodeLink name={name} />} textOf={visible} />
					</section>
					<section className={page.card}>
						<h2>{words.log}</h2>
						<LogView id={task.id} isOpen={!isFinalTaskState(task.state)} textOf={visible} />
					</section>
					{(hasResult || task.outputs.length > 0) && (
						<section className={page.card}>
							<h2>{words.result}</h2>
							<ul className={classes.outputs}>
								{task.outputs.map(({ name, url, size, mediaType }) => (
									<li key={name}>
										<a className={page.link} href={url} download={name}>
											{visible(name)}
										</a>{' '}
										<span className={page.quiet}>
											{mediaType}, {formatBytes(size)}
										</span>
									</li>
								))}
							</ul>
							{hasResult && <JsonView value={task.result ?? {}} label={words.result} />}
						</section>
					)}
					<DecisionsCard id={task.id} />
				</div>
				<aside className={page.side} aria-label={words.aboutTheTask}>
					<section className={page.card}>
						<h2>{words.about}</h2>
						<TaskFacts task={task} />
					</section>
					<section className={page.card}>
						<h2>{words.usage}</h2>
						<UsageFigures task={task} />
						<dl className={`${page.facts} ${classes.cost}`}>
							<Fact name={words.charged}>{moneyInWords(task.amountMicro)}</Fact>
							{task.estimateMicro !== null && <Fact name={words.estimate}>{moneyInWords(task.estimateMicro)}</Fact>}
						</dl>
					</section>
					<section className={page.card}>
						<h2>{words.given}</h2>
						<JsonView value={task.parameters} label={words.given} />
					</section>
				</aside>
			</div>
		</>
	);
};
