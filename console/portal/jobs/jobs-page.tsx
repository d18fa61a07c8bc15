import { Button, NativeSelect } from '@mantine/core';
import { useMemo } from 'react';
import { Link, useSearchParams } from 'react-router';
import { JOB_STATES, type JobView, jobListQuerySchema } from '../../../shared/protocol/job.ts';
import classes from '../../kit/shell/page.module.css';
import { ReadList } from '../../kit/shell/read-list.tsx';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { LookChip } from '../../kit/state-chip.tsx';
import { EmptyState } from '../../kit/states.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { useTitle } from '../../kit/use-title.ts';
import type { JobFilter } from '../remote/keys.ts';
import { JobProgress } from './job-progress.tsx';
import { CAUSE_WORDS, countWords, isOver, JOB_LOOKS } from './job-words.ts';
import jobClasses from './jobs.module.css';
import { useJobs } from './use-jobs.ts';

const STATES = [
	{ value: '', label: 'Any state' },
	{ value: 'open', label: 'Not over' },
	...JOB_STATES.map((state) => ({ value: state, label: JOB_LOOKS[state].word })),
];

/** What is not valid in the address is as if it were not there. */
const filterOfUrl = (params: URLSearchParams): JobFilter => {
	const { state, recipe } = jobListQuerySchema.shape;
	const read = { state: state.safeParse(params.get('state')), recipe: recipe.safeParse(params.get('recipe')) };
	return {
		...(read.state.data === undefined ? {} : { state: read.state.data }),
		...(read.recipe.data === undefined ? {} : { recipe: read.recipe.data }),
	};
};

/** What was asked for in one go, and how far each is. */
export const JobsPage = () => {
	useTitle('Jobs');
	const [params, setParams] = useSearchParams();
	const search = params.toString();
	const filter = useMemo(() => filterOfUrl(new URLSearchParams(search)), [search]);
	const [state, setState] = useSearchParam('state');
	const query = useJobs(filter);
	const isFiltered = Object.keys(filter).length > 0;
	return (
		<>
			<h1 className={classes.pageTitle}>Jobs</h1>
			<p className={classes.lead}>
				What was asked for in one go: a recipe over a folder, what a trigger found there already, a run of a schedule.
			</p>
			<div className={classes.tools}>
				<NativeSelect
					aria-label="State"
					data={STATES}
					value={state}
					onChange={(event) => setState(event.currentTarget.value)}
				/>
				{filter.recipe !== undefined && (
					<Button variant="light" onClick={() => setParams(state === '' ? {} : { state })}>
						Of one recipe<span className="millrace-off-screen">: show those of all recipes</span> ×
					</Button>
				)}
			</div>
			<ReadList
				query={query}
				what="the jobs"
				row={(job) => <JobRow job={job} />}
				none={
					isFiltered ? (
						<EmptyState
							icon="search"
							title="No job fits this filter"
							actions={<Button onClick={() => setParams({})}>Clear the filter</Button>}
						>
							There may be others.
						</EmptyState>
					) : (
						<EmptyState
							icon="jobs"
							title="No jobs yet"
							actions={
								<Button component={Link} to="/recipes">
									To the recipes
								</Button>
							}
						>
							Open a recipe and run it over a folder, and its job appears here with its progress.
						</EmptyState>
					)
				}
			/>
		</>
	);
};

const JobRow = ({ job }: { job: JobView }) => (
	<>
		<div className={classes.words}>
			<Link className={classes.name!} to={`/jobs/${job.id}`}>
				{job.title}
			</Link>
			<span className={classes.quiet}>
				{CAUSE_WORDS[job.cause]} · <RelativeTime at={job.createdAt} /> · {countWords(job)}
			</span>
		</div>
		<LookChip look={JOB_LOOKS[job.state]} quiet={job.state === 'done'} />
		{!isOver(job) && (
			<div className={jobClasses.progress}>
				<JobProgress job={job} size={5} />
			</div>
		)}
	</>
);
