import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { readTaskDecisions } from '../../../shared/client/task-decisions.ts';
import { http } from '../../kit/remote/api.ts';
import page from '../../kit/shell/page.module.css';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { keys } from '../remote/keys.ts';
import { Stay } from './stay.tsx';
import { words } from './words.ts';

/** How the task came to be started when it was, and who went first by which rule; told when it is asked for. */
export const DecisionsCard = ({ id }: { id: string }) => {
	const [isAsked, ask] = useState(false);
	const { data, error, refetch } = useQuery({
		queryKey: keys.decisions(id),
		queryFn: ({ signal }) => readTaskDecisions(http, id, { signal }),
		enabled: isAsked,
		staleTime: 60_000,
	});
	return (
		<section className={page.card}>
			<div className={page.cardHead}>
				<h2>{words.story}</h2>
				{!isAsked && (
					<Button variant="default" size="compact-sm" onClick={() => ask(true)}>
						{words.tellStory}
					</Button>
				)}
			</div>
			{data !== undefined ? (
				<>
					{data.stays.length === 0 && <p className={page.quiet}>{words.noStory}</p>}
					{data.stays.map((stay, at) => (
						<Stay key={stay.from} stay={stay} number={at + 1} />
					))}
					{data.gaps.length > 0 && <p className={page.quiet}>{words.gap}</p>}
					{data.isCut && <p className={page.quiet}>{words.storyCut}</p>}
				</>
			) : error ? (
				<ErrorState error={error} what={words.storyFailed} onRetry={() => void refetch()} />
			) : isAsked ? (
				<LoadingState what={words.storyLoading} rows={3} />
			) : (
				<p className={page.quiet}>{words.storyLead}</p>
			)}
		</section>
	);
};
