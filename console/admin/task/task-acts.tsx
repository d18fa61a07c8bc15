import { Button } from '@mantine/core';
import { useState } from 'react';
import type { TaskVerb } from '../../../shared/protocol/act.ts';
import type { TaskDetail } from '../../../shared/protocol/task.ts';
import { Icon } from '../../kit/icons.tsx';
import { useMe } from '../../kit/session/session.tsx';
import page from '../../kit/shell/page.module.css';
import { useCommands } from '../palette/commands.tsx';
import { SteerDialog } from '../tasks/steer-dialog.tsx';
import { steerNow } from '../tasks/steer-now.ts';
import { VERBS } from '../tasks/verbs.ts';
import { actsFor } from './acts-for.ts';

/** The acts on one task: each is told with its undo. */
export const TaskActs = ({ task }: { task: TaskDetail }) => {
	const [isMoving, move] = useState(false);
	const acts = actsFor(task, useMe());
	const run = (verb: TaskVerb): void => {
		if (verb === 'move') move(true);
		else void steerNow(verb, [task.id]);
	};
	useCommands(
		acts.map((verb) => ({
			...{ id: `task-${verb}`, group: `${task.type} task`, word: VERBS[verb].word, icon: VERBS[verb].icon },
			run: () => run(verb),
		})),
	);
	return (
		<div className={page.acts}>
			{acts.map((verb) => (
				<Button
					key={verb}
					variant="default"
					size="sm"
					leftSection={<Icon name={VERBS[verb].icon} size={16} />}
					onClick={() => run(verb)}
				>
					{VERBS[verb].word}
					{verb === 'move' && '…'}
				</Button>
			))}
			<SteerDialog verb={isMoving ? 'move' : null} target={{ ids: [task.id] }} onClose={() => move(false)} />
		</div>
	);
};
