import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { TaskDetail } from '../../../shared/protocol/task.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { Fact } from '../../kit/shell/fact.tsx';
import page from '../../kit/shell/page.module.css';
import { RelativeTime } from '../../kit/time.tsx';
import { ownerWords, tasksWith } from '../tasks/task-columns.tsx';
import classes from './task.module.css';
import { words } from './words.ts';

const To = ({ to, children }: { to: string; children: ReactNode }) => (
	<Link className={page.link!} to={to}>
		{children}
	</Link>
);

const At = ({ name, at }: { name: string; at: string | null }) =>
	at === null ? null : (
		<Fact name={name}>
			<RelativeTime at={at} />
		</Fact>
	);

/** Whose a task is, where it comes from and goes, when what happened; and its names for other tools. */
export const TaskFacts = ({ task }: { task: TaskDetail }) => {
	const [first] = task.inputs;
	return (
		<dl className={page.facts}>
			<Fact name={words.owner}>
				<To to={tasksWith('owner', task.owner)}>{ownerWords(task)}</To>
			</Fact>
			<Fact name={words.type}>
				<To to={tasksWith('type', task.type)}>{task.type}</To>
				{task.typeVersion !== null && words.typeVersion(task.typeVersion)}
			</Fact>
			<Fact name={words.queue}>
				{task.queue === null ? words.noneBindsItsKey : <To to={tasksWith('queue', task.queue)}>{task.queue}</To>}
			</Fact>
			<Fact name={words.routingKey}>{task.routingKey}</Fact>
			<Fact name={words.class}>{task.serviceClass ?? '–'}</Fact>
			<Fact name={words.priority}>{task.priority}</Fact>
			{task.origin !== null && (
				<Fact name={words.madeBy}>
					{task.origin.cause}
					{task.origin.recipe !== null && words.ofRecipe(task.origin.recipe)}
				</Fact>
			)}
			{first?.file != null && (
				<Fact name={words.file}>
					<To to={tasksWith('file', first.file)}>{first.path ?? words.aFileThatIsGone}</To>
					{task.inputs.length > 1 && words.andMore(task.inputs.length - 1)}
				</Fact>
			)}
			<At name={words.submitted} at={task.createdAt} />
			<At name={words.notBefore} at={task.notBefore} />
			<At name={words.queued} at={task.queuedAt} />
			<At name={words.started} at={task.startedAt} />
			<At name={words.finished} at={task.finishedAt} />
			<At name={words.expires} at={task.finishedAt === null ? task.expiresAt : null} />
			{task.after.map((id) => (
				<Fact key={id} name={words.afterTask}>
					<To to={`/tasks/${id}`}>{words.anotherTask}</To>
				</Fact>
			))}
			<Fact name={words.id}>
				<span className={classes.copied}>
					<code>{task.id}</code>
					<CopyButton text={task.id} what={words.copyId} />
				</span>
			</Fact>
			<Fact name={words.command}>
				<span className={classes.copied}>
					<code>{words.shortCommand}</code>
					<CopyButton text={`millrace task ${task.id} --why`} what={words.copyCommand} />
				</span>
			</Fact>
		</dl>
	);
};
