import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { CodedError } from '../../../shared/coded-error.ts';
import type { JobOutput } from '../../../shared/protocol/result.ts';
import { formatBytes } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import pageClasses from '../../kit/shell/page.module.css';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { OutputPicture } from '../tasks/output-picture.tsx';
import classes from './results.module.css';
import { useJobOutputs } from './use-results.ts';

/** What came out of a job’s tasks, each with a way to get it. */
export const JobOutputs = ({ job, isOpen }: { job: string; isOpen: boolean }) => {
	const query = useJobOutputs(job);
	const { rows } = query;
	if (query.isPending) return <LoadingState what="the results" rows={3} />;
	// Whoever steers other people’s jobs does not see their data.
	if (query.error instanceof CodedError && query.error.code === 'not-found') {
		return <p className={pageClasses.quiet}>Only its owner sees what came out of it.</p>;
	}
	if (query.isError && rows.length === 0) {
		return <ErrorState error={query.error} what="The results cannot be shown" onRetry={() => void query.refetch()} />;
	}
	if (rows.length === 0) {
		return (
			<p className={pageClasses.quiet}>
				{isOpen ? 'Nothing came out yet.' : 'Its tasks put out no files. What they found is told by each task.'}
			</p>
		);
	}
	return (
		<>
			<ul className={classes.outputs}>
				{rows.map((output) => (
					<li key={`${output.task} ${output.name}`}>
						<OutputRow output={output} />
					</li>
				))}
			</ul>
			{query.hasNextPage && (
				<Button
					className={pageClasses.more!}
					variant="default"
					size="sm"
					loading={query.isFetchingNextPage}
					onClick={() => void query.fetchNextPage()}
				>
					More results
				</Button>
			)}
		</>
	);
};

const OutputRow = ({ output }: { output: JobOutput }) => (
	<>
		<OutputPicture output={output} />
		<div className={pageClasses.words}>
			<strong>{output.name}</strong>
			<span className={pageClasses.quiet}>
				{output.input !== null && `of ${output.input} · `}
				{formatBytes(output.size)} ·{' '}
				<Link className={pageClasses.link} to={`/tasks/${output.task}`}>
					{output.type}
				</Link>
				{output.file !== null && (
					<>
						{' · '}
						<Link className={pageClasses.link} to={`/files?file=${output.file}`}>
							its file
						</Link>
					</>
				)}
			</span>
			{output.reason !== null && <span className={classes.unfiled}>No file was made of it: {output.reason}</span>}
		</div>
		<Button
			component="a"
			href={output.url}
			download={output.name}
			variant="default"
			size="sm"
			leftSection={<Icon name="download" size={16} />}
		>
			Download
			<span className="millrace-off-screen">
				{' '}
				{output.name}
				{output.input !== null && ` of ${output.input}`}
			</span>
		</Button>
	</>
);
