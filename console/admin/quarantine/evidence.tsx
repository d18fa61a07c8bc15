import { Button, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { readTask } from '../../../shared/client/tasks.ts';
import { LogView } from '../../kit/log-view.tsx';
import { http } from '../../kit/remote/api.ts';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { AttemptTable } from '../../kit/tasks/attempt-table.tsx';
import { visible } from '../../kit/tasks/log-lines.ts';
import { keys } from '../remote/keys.ts';
import { NodeLink } from '../task/node-link.tsx';
import classes from './quarantine.module.css';
import { words } from './words.ts';

/** What is left of tasks that failed for a cause: where they were tried, how each try ended, what they said last. */
export const Evidence = ({ tasks }: { tasks: readonly string[] }) => {
	const [chosen, choose] = useState(tasks[0] ?? '');
	// The one that was looked at may be gone from the samples by now.
	const id = tasks.includes(chosen) ? chosen : (tasks[0] ?? '');
	const { data, error, refetch } = useQuery({
		queryKey: keys.oneTask(id),
		queryFn: ({ signal }) => readTask(http, id, { signal }),
		staleTime: 2_000,
	});
	return (
		<div className={classes.evidence}>
			<div className={classes.samples}>
				{tasks.length > 1 && (
					<SegmentedControl
						size="xs"
						aria-label={words.evidenceOf}
						value={id}
						onChange={choose}
						data={tasks.map((value, at) => ({ value, label: words.sample(at + 1, tasks.length) }))}
					/>
				)}
				<Button component={Link} to={`/tasks/${id}`} variant="subtle" size="compact-sm">
					{words.toTask}
				</Button>
			</div>
			{data === undefined ? (
				error ? (
					<ErrorState error={error} what={words.evidenceFailed} onRetry={() => void refetch()} />
				) : (
					<LoadingState what={words.evidenceLoading} rows={3} />
				)
			) : (
				<>
					{data.error !== null && <p className={classes.error}>{visible(data.error.message)}</p>}
					<h3>{words.attempts}</h3>
					<AttemptTable attempts={data.attempts} node={(name) => <NodeLink name={name} />} textOf={visible} />
					<h3>{words.log}</h3>
					<LogView key={id} id={id} isOpen={false} textOf={visible} />
				</>
			)}
		</div>
	);
};
