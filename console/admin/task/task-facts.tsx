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
			<Fact name="Owner">
				<To to={tasksWith('owner', task.owner)}>{ownerWords(task)}</To>
			</Fact>
			<Fact name="Type">
				<To to={tasksWith('type', task.type)}>{task.type}</To>
				{task.typeVersion !== null && `, version ${task.typeVersion}`}
			</Fact>
			<Fact name="Queue">
				{task.queue === null ? 'none binds its key' : <To to={tasksWith('queue', task.queue)}>{task.queue}</To>}
			</Fact>
			<Fact name="Routing key">{task.routingKey}</Fact>
			<Fact name="Class">{task.serviceClass ?? '–'}</Fact>
			<Fact name="Priority">{task.priority}</Fact>
			{task.origin !== null && (
				<Fact name="Made by">
					{task.origin.cause}
					{task.origin.recipe !== null && `, recipe ${task.origin.recipe}`}
				</Fact>
			)}
			{first?.file != null && (
				<Fact name="File">
					<To to={tasksWith('file', first.file)}>{first.path ?? 'a file that is gone'}</To>
					{task.inputs.length > 1 && ` and ${task.inputs.length - 1} more`}
				</Fact>
			)}
			<At name="Submitted" at={task.createdAt} />
			<At name="Not before" at={task.notBefore} />
			<At name="Queued" at={task.queuedAt} />
			<At name="Started" at={task.startedAt} />
			<At name="Finished" at={task.finishedAt} />
			<At name="Expires" at={task.finishedAt === null ? task.expiresAt : null} />
			{task.after.map((id) => (
				<Fact key={id} name="After">
					<To to={`/tasks/${id}`}>another task</To>
				</Fact>
			))}
			<Fact name="Id">
				<span className={classes.copied}>
					<code>{task.id}</code>
					<CopyButton text={task.id} what={words.copyId} />
				</span>
			</Fact>
			<Fact name="Command">
				<span className={classes.copied}>
					<code>millrace task … --why</code>
					<CopyButton text={`millrace task ${task.id} --why`} what={words.copyCommand} />
				</span>
			</Fact>
		</dl>
	);
};
