import { Button } from '@mantine/core';
import { Link, useParams } from 'react-router';
import { archivePath } from '../../../shared/client/archives.ts';
import type { JobView } from '../../../shared/protocol/job.ts';
import { plural } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { Fact } from '../../kit/shell/fact.tsx';
import classes from '../../kit/shell/page.module.css';
import { ReadOne } from '../../kit/shell/read-one.tsx';
import { LookChip } from '../../kit/state-chip.tsx';
import { Duration, RelativeTime } from '../../kit/time.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { JobOutputs } from '../results/job-outputs.tsx';
import { JobActs } from './job-acts.tsx';
import { JobProgress } from './job-progress.tsx';
import { CAUSE_WORDS, isOver, JOB_LOOKS, jobHeadline } from './job-words.ts';
import jobClasses from './jobs.module.css';
import { TaskCounts } from './task-counts.tsx';
import { isJobId, useJob } from './use-jobs.ts';

/** One job: how far it is, its tasks by what became of them, and what it left out. */
export const JobPage = () => {
	const { id = '' } = useParams();
	const query = useJob(id);
	useTitle(query.data?.title ?? 'Job');
	return (
		<ReadOne query={query} isId={isJobId(id)} what="job" all={{ to: '/jobs', word: 'All jobs' }}>
			{(job) => <JobDetails job={job} />}
		</ReadOne>
	);
};

const JobDetails = ({ job }: { job: JobView }) => (
	<>
		<Link className={classes.back!} to="/jobs">
			All jobs
		</Link>
		<div className={classes.head}>
			<div className={classes.titleLine}>
				<h1 className={classes.title}>{job.title}</h1>
				<LookChip look={JOB_LOOKS[job.state]} />
			</div>
			<div className={classes.acts}>
				{job.tasks.succeeded > 0 && (
					<Button
						component="a"
						href={archivePath({ job: job.id })}
						download
						variant="default"
						leftSection={<Icon name="download" size={17} />}
					>
						Download results
					</Button>
				)}
				<JobActs job={job} />
			</div>
		</div>
		<p className={classes.headline}>{jobHeadline(job)}</p>
		<JobProgress job={job} />
		<div className={`${classes.columns} ${jobClasses.columns}`}>
			<div className={classes.main}>
				<section className={classes.card}>
					<h2>Tasks</h2>
					<TaskCounts job={job} />
				</section>
				<section className={classes.card}>
					<h2>Results</h2>
					<JobOutputs job={job.id} isOpen={!isOver(job)} />
				</section>
				{job.skipped.length > 0 && (
					<section className={classes.card}>
						<h2>Left out</h2>
						<ul className={jobClasses.skips}>
							{job.skipped.map(({ reason, count }) => (
								<li key={reason}>
									{plural(count, 'file')}: {reason}
								</li>
							))}
						</ul>
					</section>
				)}
			</div>
			<aside className={classes.side} aria-label="About the job">
				<section className={classes.card}>
					<h2>About</h2>
					<dl className={classes.facts}>
						<Fact name="Why">{CAUSE_WORDS[job.cause]}</Fact>
						{job.recipe !== null && (
							<Fact name="Recipe">
								<Link to={`/recipes/${job.recipe}`}>Version {job.recipeVersion} of the recipe</Link>
							</Fact>
						)}
						<Fact name="Started">
							<RelativeTime at={job.createdAt} />
						</Fact>
						<Fact name={job.finishedAt === null ? 'So far' : 'Took'}>
							<Duration from={job.createdAt} until={job.finishedAt} />
						</Fact>
						{job.planned !== null && <Fact name="Planned">{plural(job.planned, 'task')}</Fact>}
					</dl>
				</section>
			</aside>
		</div>
	</>
);
