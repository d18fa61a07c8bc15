import { Button } from '@mantine/core';
import { Link } from 'react-router';
import type { ScheduleSummary } from '../../../shared/protocol/schedule.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { Icon } from '../../kit/icons.tsx';
import classes from '../../kit/shell/page.module.css';
import { ReadList } from '../../kit/shell/read-list.tsx';
import { LookChip } from '../../kit/state-chip.tsx';
import { EmptyState } from '../../kit/states.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { useTaskTypes } from '../remote/use-tasks.ts';
import { PauseButton, RunButton } from './schedule-acts.tsx';
import { runLook, SCHEDULE_LOOKS, timeInZone, wishWords } from './schedule-words.ts';
import { useSchedules } from './use-schedules.ts';

/** What runs by itself: when, whether it still works, and when next. */
export const SchedulesPage = () => {
	useTitle('Schedules');
	const query = useSchedules();
	const types = useTaskTypes().data?.items ?? [];
	const make = (
		<Button component={Link} to="/schedules/new" leftSection={<Icon name="plus" size={17} />}>
			New schedule
		</Button>
	);
	return (
		<>
			<div className={classes.titleBar}>
				<h1 className={classes.pageTitle}>Schedules</h1>
				{query.rows.length > 0 && make}
			</div>
			<p className={classes.lead}>What runs by itself at times of the clock, or at intervals.</p>
			<ReadList
				query={query}
				what="the schedules"
				row={(schedule) => <ScheduleRow schedule={schedule} types={types} />}
				none={
					<EmptyState icon="clock" title="No schedules yet" actions={make}>
						For example: every day at 07:30, Europe/London, check the files of an archive.
					</EmptyState>
				}
			/>
		</>
	);
};

const ScheduleRow = ({ schedule, types }: { schedule: ScheduleSummary; types: readonly Manifest[] }) => {
	const { id, name, sentence, state, reason, nextRunAt, lastRun, timeZone } = schedule;
	return (
		<>
			<div className={classes.words}>
				<Link className={classes.name!} to={`/schedules/${id}`}>
					{name}
				</Link>
				<span>{sentence}</span>
				<span className={classes.quiet}>
					{wishWords(schedule, types)}
					{nextRunAt !== null && (
						<>
							{' '}
							· next <RelativeTime at={nextRunAt} />
						</>
					)}
					{lastRun && ` · last ${timeInZone(lastRun.nominalAt, timeZone)}`}
					{reason !== null && ` · ${reason}`}
				</span>
			</div>
			{state === 'paused' && <LookChip look={SCHEDULE_LOOKS.paused} />}
			{lastRun ? (
				<LookChip look={runLook(lastRun)} prefix="last" />
			) : (
				<span className={classes.quiet}>has not run yet</span>
			)}
			<div className={classes.acts}>
				<PauseButton schedule={schedule} size="sm" />
				<RunButton schedule={schedule} size="sm" />
			</div>
		</>
	);
};
