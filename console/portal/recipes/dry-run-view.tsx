import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { dryRunJob } from '../../../shared/client/jobs.ts';
import type { DryRun, NewJobWish } from '../../../shared/protocol/job.ts';
import { formatCount } from '../../kit/format.ts';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import classes from '../../kit/shell/page.module.css';
import { keys } from '../remote/keys.ts';
import { dryRunSentence, startSentence } from './recipe-words.ts';
import recipeClasses from './recipes.module.css';

const SETTLED_MS = 400;

/** What a wish would come to, once it has not changed for a moment; null: there is nothing to be asked. */
export const useDryRun = (wish: NewJobWish | null) => {
	const text = JSON.stringify(wish);
	const [asked] = useDebouncedValue(text, SETTLED_MS);
	const query = useQuery({
		queryKey: keys.dryRun(asked),
		queryFn: ({ signal }) => dryRunJob(http, JSON.parse(asked) as NewJobWish, { signal }),
		enabled: asked !== 'null',
		placeholderData: keepPreviousData,
		staleTime: 5_000,
	});
	/** False while what is shown is of what was written before. */
	const isNew = asked === text && !query.isPlaceholderData && !query.isFetching;
	return { ...query, isNew };
};

/** Counts beforehand, in words. */
export const DryRunView = ({ title, wish }: { title: string; wish: NewJobWish }) => (
	<DryRunWords title={title} query={useDryRun(wish)} />
);

interface DryRunWordsProps {
	title: string;
	query: { data: DryRun | undefined; error: unknown; isNew: boolean };
}

export const DryRunWords = ({ title, query: { data, error, isNew } }: DryRunWordsProps) => (
	<div className={recipeClasses.dry} role="status" aria-busy={!isNew}>
		<p className={classes.quiet}>{title}</p>
		{error ? (
			<p className={classes.fault}>{errorText(error)}</p>
		) : data === undefined || !isNew ? (
			<p>Counting…</p>
		) : (
			<>
				<p>
					<strong>{dryRunSentence(data)}</strong>
				</p>
				{data.tasks > 0 && startSentence(data) !== null && <p>{startSentence(data)}</p>}
				{(data.skipped.length > 0 || data.cost.tasksOfUnknownType > 0) && (
					<ul>
						{data.skipped.map(({ reason, count, example }) => (
							<li key={reason}>
								{formatCount(count)} left out: {reason.replace(/[.]$/, '')} (such as {example})
							</li>
						))}
						{data.cost.tasksOfUnknownType > 0 && data.cost.tasksOfUnknownType < data.tasks && (
							<li>
								{formatCount(data.cost.tasksOfUnknownType)} of the tasks are of types that have not run lately: they are
								taken for short ones.
							</li>
						)}
					</ul>
				)}
			</>
		)}
	</div>
);
