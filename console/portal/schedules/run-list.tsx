import { Button } from '@mantine/core';
import { Link } from 'react-router';
import type { ScheduleRunView, ScheduleView } from '../../../shared/protocol/schedule.ts';
import { Icon } from '../../kit/icons.tsx';
import pageClasses from '../../kit/shell/page.module.css';
import { LookChip } from '../../kit/state-chip.tsx';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { runLook, timeInZone } from './schedule-words.ts';
import classes from './schedules.module.css';
import { useRuns } from './use-schedules.ts';

const DOTS = 20;
const KIND_WORDS: Record<ScheduleRunView['kind'], string> = { tick: '', 'catch-up': 'caught up', manual: 'by hand' };

const lookOf = ({ outcome, job }: ScheduleRunView) => runLook({ outcome, jobState: job?.state ?? null });

/** What became of the last times: as dots to see at a glance, and as lines to read. */
export const RunList = ({ schedule }: { schedule: ScheduleView }) => {
	const query = useRuns(schedule.id);
	const { rows } = query;
	if (query.isPending) return <LoadingState what="its runs" rows={3} />;
	if (query.isError && rows.length === 0) {
		return <ErrorState error={query.error} what="Its runs cannot be shown" onRetry={() => void query.refetch()} />;
	}
	if (rows.length === 0) return <p className={pageClasses.quiet}>It has not run yet.</p>;
	return (
		<>
			<ol className={classes.dots} aria-label="The last outcomes, the oldest first">
				{rows
					.slice(0, DOTS)
					.toReversed()
					.map((run) => {
						const look = lookOf(run);
						const words = `${timeInZone(run.nominalAt, schedule.timeZone)}: ${look.word.toLowerCase()}`;
						return (
							<li key={run.id} className={classes.dot} data-color={look.color} title={words}>
								<Icon name={look.icon} size={14} />
								<span className="millrace-off-screen">{words}</span>
							</li>
						);
					})}
			</ol>
			<ul className={classes.runs}>
				{rows.map((run) => (
					<li key={run.id}>
						<span>{timeInZone(run.nominalAt, schedule.timeZone)}</span>
						<LookChip look={lookOf(run)} quiet={run.job?.state === 'done'} />
						{run.job && (
							<Link className={pageClasses.link!} to={`/jobs/${run.job.id}`}>
								Its job<span className="millrace-off-screen"> of {timeInZone(run.nominalAt, schedule.timeZone)}</span>
							</Link>
						)}
						<span className={pageClasses.quiet}>{[KIND_WORDS[run.kind], run.reason].filter(Boolean).join(' · ')}</span>
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
					Earlier runs
				</Button>
			)}
		</>
	);
};
