import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { replayQuarantine } from '../../../shared/client/task-steering.ts';
import type { QuarantineGroup } from '../../../shared/protocol/quarantine.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import page from '../../kit/shell/page.module.css';
import { visible } from '../../kit/tasks/log-lines.ts';
import { RelativeTime } from '../../kit/time.tsx';
import { keys } from '../remote/keys.ts';
import { actWords, followAct } from '../tasks/follow-act.tsx';
import { tasksWith } from '../tasks/task-columns.tsx';
import { Evidence } from './evidence.tsx';
import classes from './quarantine.module.css';
import { words } from './words.ts';

interface CauseRowProps {
	cause: QuarantineGroup;
	onDiscard(cause: QuarantineGroup): void;
}

/** One cause: what it is, how many it concerns, what is left of it, and the ways out. */
export const CauseRow = ({ cause, onDiscard }: CauseRowProps) => {
	const { group, type, errorCode, message, count } = cause;
	const [isOpened, open] = useState(false);
	const replay = useAct({
		act: (limit: 'one' | 'all') => replayQuarantine(http, { group, limit }),
		key: keys.quarantine,
		failed: words.notReplayed,
		onDone: (answer) => void followAct(answer, actWords('retry')),
	});
	return (
		<li aria-label={`${type}: ${errorCode}`}>
			<div className={page.words}>
				<h2 className={classes.cause}>
					{type} <code>{errorCode}</code>
				</h2>
				<span className={classes.message}>{message === '' ? words.noMessage : visible(message)}</span>
				<span className={page.quiet}>
					<Link className={classes.count!} to={tasksWith('cause', group)}>
						{words.tasks(count)}
					</Link>
					, {words.people(cause.people)}, {words.nodes(cause.nodes)} {words.first}{' '}
					<RelativeTime at={cause.firstSeenAt} />
					{words.last} <RelativeTime at={cause.lastSeenAt} />
				</span>
			</div>
			<div className={page.acts}>
				<Button
					size="compact-sm"
					variant="default"
					aria-expanded={isOpened}
					leftSection={<Icon name={isOpened ? 'chevronDown' : 'chevronRight'} size={15} />}
					onClick={() => open(!isOpened)}
				>
					{words.evidence}
				</Button>
				<Button
					size="compact-sm"
					variant="default"
					loading={replay.isPending}
					leftSection={<Icon name="refresh" size={15} />}
					onClick={() => replay.mutate('one')}
				>
					{words.replayOne}
				</Button>
				{count > 1 && (
					<Button size="compact-sm" variant="default" loading={replay.isPending} onClick={() => replay.mutate('all')}>
						{words.replayAll(count)}
					</Button>
				)}
				<Button size="compact-sm" variant="subtle" color="red" onClick={() => onDiscard(cause)}>
					{words.discard}
				</Button>
				<CopyButton text={`millrace admin quarantine replay ${group} --limit all`} what={words.copyCommand} />
			</div>
			{isOpened && <Evidence tasks={cause.sampleTasks} />}
		</li>
	);
};
