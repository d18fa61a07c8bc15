import { Link, useParams } from 'react-router';
import type { ScheduleView } from '../../../shared/protocol/schedule.ts';
import { plural } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { JsonView } from '../../kit/json-view.tsx';
import { Fact } from '../../kit/shell/fact.tsx';
import classes from '../../kit/shell/page.module.css';
import { ReadOne } from '../../kit/shell/read-one.tsx';
import { LookChip } from '../../kit/state-chip.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { useTaskTypes } from '../remote/use-tasks.ts';
import { NextRuns } from './next-runs.tsx';
import { RunList } from './run-list.tsx';
import { ScheduleActs } from './schedule-acts.tsx';
import { MISFIRE_WORDS, OVERLAP_WORDS, SCHEDULE_LOOKS, wishWords } from './schedule-words.ts';
import { isScheduleId, useSchedule } from './use-schedules.ts';

/** One schedule: when it runs, what became of its times, what it does. */
export const SchedulePage = () => {
	const { id = '' } = useParams();
	const query = useSchedule(id);
	useTitle(query.data?.name ?? 'Schedule');
	return (
		<ReadOne query={query} isId={isScheduleId(id)} what="schedule" all={{ to: '/schedules', word: 'All schedules' }}>
			{(schedule) => <ScheduleDetails schedule={schedule} />}
		</ReadOne>
	);
};

const ScheduleDetails = ({ schedule }: { schedule: ScheduleView }) => {
	const types = useTaskTypes().data?.items ?? [];
	const title = wishWords(schedule, types);
	const { inputs = [], parameters = {} } = 'type' in schedule ? schedule : {};
	return (
		<>
			<Link className={classes.back!} to="/schedules">
				All schedules
			</Link>
			<div className={classes.head}>
				<div className={classes.titleLine}>
					<h1 className={classes.title}>{schedule.name}</h1>
					<LookChip look={SCHEDULE_LOOKS[schedule.state]} />
				</div>
				<ScheduleActs schedule={schedule} />
			</div>
			<p className={classes.headline}>
				{title}, {schedule.sentence}.
			</p>
			{schedule.state === 'paused' && schedule.reason !== null && (
				<p className={classes.warning}>
					<Icon name="pause" />
					<span>
						<strong>Paused.</strong> {schedule.reason}
					</span>
				</p>
			)}
			<div className={classes.columns}>
				<div className={classes.main}>
					<section className={classes.card}>
						<h2>Next runs</h2>
						{schedule.nextRuns.length === 0 ? (
							<p className={classes.quiet}>None while it is paused. Resume it, and it goes on with its next time.</p>
						) : (
							<NextRuns times={schedule.nextRuns} timeZone={schedule.timeZone} />
						)}
					</section>
					<section className={classes.card}>
						<h2>Last runs</h2>
						<RunList schedule={schedule} />
					</section>
				</div>
				<aside className={classes.side} aria-label="About the schedule">
					<section className={classes.card}>
						<h2>About</h2>
						<dl className={classes.facts}>
							<Fact name="Does">
								{'recipe' in schedule && <Link to={`/recipes/${schedule.recipe}`}>{title}</Link>}
								{'source' in schedule && <Link to={`/sources/${schedule.source}`}>{title}</Link>}
								{'type' in schedule && title}
							</Fact>
							{inputs.length > 0 && <Fact name="With">{plural(inputs.length, 'file')}</Fact>}
							<Fact name="Clocks of">{schedule.timeZone}</Fact>
							{schedule.cron !== null && (
								<Fact name="Pattern">
									<code className="millrace-mono">{schedule.cron}</code>
								</Fact>
							)}
							<Fact name="Class">{schedule.serviceClass ?? 'your own'}</Fact>
							<Fact name="Missed">{MISFIRE_WORDS[schedule.misfire]}</Fact>
							<Fact name="Overlap">{OVERLAP_WORDS[schedule.overlap]}</Fact>
							<Fact name="Pauses">
								{schedule.pauseAfter === 0
									? 'never by itself'
									: `after ${plural(schedule.pauseAfter, 'failure')} in a row`}
								{schedule.failures > 0 && `; ${schedule.failures} so far`}
							</Fact>
							<Fact name="Changed">
								<RelativeTime at={schedule.updatedAt} />
							</Fact>
						</dl>
					</section>
					{Object.keys(parameters).length > 0 && (
						<section className={classes.card}>
							<h2>Settings</h2>
							<JsonView value={parameters} label="Settings" />
						</section>
					)}
				</aside>
			</div>
		</>
	);
};
