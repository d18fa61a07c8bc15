import { ActionIcon, Button, Progress, Tooltip } from '@mantine/core';
import { memo } from 'react';
import { Link } from 'react-router';
import { formatBytes, formatPercent } from '../../kit/format.ts';
import { Icon, type IconName } from '../../kit/icons.tsx';
import { TaskChip } from '../../kit/state-chip.tsx';
import { parentOf } from '../live/apply-patch.ts';
import { ConflictQuestion } from './conflict-question.tsx';
import { isOver, processedTasks, type UploadItem } from './upload-item.ts';
import type { UploadRunner } from './upload-runner.ts';
import classes from './upload-tray.module.css';

/** One upload: what happens to it, and what can be done about it. */
export const UploadRow = memo(({ item, runner }: { item: UploadItem; runner: UploadRunner }) => (
	<div className={classes.row} data-state={item.state}>
		<div className={classes.line}>
			<span className={classes.name} title={item.path}>
				{item.fileId === null ? (
					item.name
				) : (
					<Link to={`/files${encodeFolder(parentOf(item.path))}?file=${item.fileId}`}>{item.name}</Link>
				)}
			</span>
			<Acts item={item} runner={runner} />
		</div>
		{(item.state === 'sending' || item.state === 'paused') && item.size > 0 && (
			<Progress
				size={5}
				value={(item.sent / item.size) * 100}
				color={item.state === 'paused' ? 'gray' : 'indigo'}
				aria-label={`${item.name} sent`}
			/>
		)}
		<div className={classes.what}>
			<Words item={item} />
		</div>
		{item.state === 'conflict' && <ConflictQuestion item={item} runner={runner} />}
	</div>
));

const encodeFolder = (folder: string): string =>
	folder === '/' ? '' : folder.split('/').map(encodeURIComponent).join('/');

const Words = ({ item }: { item: UploadItem }) => {
	switch (item.state) {
		case 'queued':
			return <>{formatBytes(item.size)} · waits for its turn</>;
		case 'preparing':
			return <>{formatBytes(item.size)} · preparing</>;
		case 'sending':
			return (
				<>
					Sending {formatBytes(item.sent)} of {formatBytes(item.size)}
					{item.size > 0 && ` · ${formatPercent(item.sent / item.size)}`}
				</>
			);
		case 'retrying':
			return (
				<span className={classes.warn}>
					<Icon name="refresh" size={13} /> Tries again by itself. {item.problem}
				</span>
			);
		case 'paused':
			return (
				<>
					Paused at {formatBytes(item.sent)} of {formatBytes(item.size)}
				</>
			);
		case 'conflict':
			return <>There is another file of this name.</>;
		case 'needs-file':
			return <>Interrupted when the page was left. Add the same file again and it goes on.</>;
		case 'failed':
			return (
				<span className={classes.bad} role="alert">
					<Icon name="alert" size={13} /> {item.problem}
				</span>
			);
		case 'skipped':
			return <>Skipped: the file that was there has been kept.</>;
		case 'processing':
		case 'done':
			return <Processing item={item} />;
	}
};

const Processing = ({ item }: { item: UploadItem }) => {
	if (item.already) return <>The same content was here already; nothing was sent.</>;
	if (item.tasks.length === 0) return <>Stored</>;
	const all = item.tasks.length;
	const succeeded = item.tasks.filter(({ state }) => state === 'succeeded').length;
	const troubled = item.tasks.filter(({ state }) => !['waiting', 'queued', 'succeeded'].includes(state));
	return (
		<>
			{succeeded === all
				? `Stored and processed · ${formatBytes(item.size)}`
				: `Stored · ${processedTasks(item)} of ${all} tasks done`}
			{troubled.map((task) => (
				<TaskChip key={task.id} type={task.type} state={task.state} progress={task.progress} />
			))}
		</>
	);
};

const Act = (props: { icon: IconName; what: string; onClick(): void }) => (
	<Tooltip label={props.what}>
		<ActionIcon variant="subtle" color="gray" aria-label={props.what} onClick={props.onClick}>
			<Icon name={props.icon} size={16} />
		</ActionIcon>
	</Tooltip>
);

const Acts = ({ item, runner }: { item: UploadItem; runner: UploadRunner }) => {
	const ids = [item.id];
	const over = isOver(item) || item.state === 'processing';
	return (
		<span className={classes.acts}>
			{(item.state === 'queued' || item.state === 'sending' || item.state === 'retrying') && (
				<Act icon="pause" what={`Pause ${item.name}`} onClick={() => runner.dispatch({ kind: 'pause', ids })} />
			)}
			{item.state === 'paused' && (
				<Act icon="play" what={`Resume ${item.name}`} onClick={() => runner.dispatch({ kind: 'resume', ids })} />
			)}
			{item.state === 'failed' && (
				<Button size="compact-xs" variant="light" onClick={() => runner.dispatch({ kind: 'retry', ids })}>
					Retry<span className="millrace-off-screen"> {item.name}</span>
				</Button>
			)}
			{over ? (
				<span className={classes.doneMark} data-done={item.state === 'done' || undefined}>
					{item.state === 'done' && <Icon name="circleCheck" size={17} />}
				</span>
			) : (
				<Act icon="close" what={`Cancel ${item.name}`} onClick={() => runner.dispatch({ kind: 'remove', ids })} />
			)}
		</span>
	);
};
