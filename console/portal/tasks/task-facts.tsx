import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { TaskDetail } from '../../../shared/protocol/task.ts';
import type { TimeRange } from '../../../shared/protocol/waiting.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import classes from './task-page.module.css';

const Fact = (props: { name: string; copy?: string; children: ReactNode }) => (
	<div className={classes.fact}>
		<dt>{props.name}</dt>
		<dd>
			<span>{props.children}</span>
			{props.copy !== undefined && <CopyButton text={props.copy} what={props.name.toLowerCase()} />}
		</dd>
	</div>
);

const At = ({ name, at }: { name: string; at: string | null }) =>
	at === null ? null : (
		<Fact name={name}>
			<RelativeTime at={at} />
		</Fact>
	);

/** A forecast: a range, and how sure it is. */
const Between = ({ name, range }: { name: string; range: TimeRange | null }) => (
	<Fact name={name}>
		{range === null ? (
			'not known yet'
		) : (
			<>
				<RelativeTime at={range.earliest} /> to <RelativeTime at={range.latest} />{' '}
				<small>{Math.round(range.confidence * 100)} % sure</small>
			</>
		)}
	</Fact>
);

/** Where a task comes from, where it goes, when what happened; and its names for other tools. */
export const TaskFacts = ({ task }: { task: TaskDetail }) => (
	<dl className={classes.facts}>
		<Fact name="Queue">{task.queue ?? 'none binds its key'}</Fact>
		<Fact name="Routing key">{task.routingKey}</Fact>
		<Fact name="Priority">{task.priority}</Fact>
		{task.serviceClass !== null && <Fact name="Service class">{task.serviceClass}</Fact>}
		<At name="Submitted" at={task.createdAt} />
		<At name="Not before" at={task.notBefore} />
		<At name="Queued" at={task.queuedAt} />
		{task.state === 'queued' && <Between name="Starts" range={task.startsAt} />}
		<At name="Started" at={task.startedAt} />
		{task.state === 'running' && <Between name="Ends" range={task.finishesAt} />}
		<At name="Finished" at={task.finishedAt} />
		<At name="Expires" at={isOver(task) ? null : task.expiresAt} />
		{task.after.map((id) => (
			<Fact key={id} name="After">
				<Link to={`/tasks/${id}`}>another task</Link>
			</Fact>
		))}
		<Fact name="Id" copy={task.id}>
			<code>{task.id}</code>
		</Fact>
		<Fact name="Link" copy={`${window.location.origin}/tasks/${task.id}`}>
			this page
		</Fact>
		<Fact name="Command" copy={`millrace task ${task.id}`}>
			<code>millrace task …</code>
		</Fact>
	</dl>
);

const isOver = ({ finishedAt }: TaskDetail): boolean => finishedAt !== null;
