import { everyonesPage } from '../things/everyones-page.ts';

const LAST_RUN = `(SELECT max(seq) FROM schedule_runs WHERE schedule_seq = t.seq)`;

/** Everybody's schedules, for those who oversee them. */
export const listEveryonesSchedules = everyonesPage('schedules.list-everyones', {
	name: 't.name',
	state: `iif(t.state = 'paused', iif(t.failures > 0, 'trouble', 'off'), iif(t.failures > 0, 'trouble', 'on'))`,
	columns: `coalesce(t.cron, 'every ' || t.every_ms / 1000 || ' s') || ', ' || t.time_zone AS about, t.reason,
	          n.fired_at AS lastAt, coalesce(j.state, n.outcome || coalesce(': ' || n.reason, '')) AS lastOutcome,
	          t.next_at AS nextAt`,
	from: `schedules t LEFT JOIN schedule_runs n ON n.seq = ${LAST_RUN} LEFT JOIN jobs j ON j.seq = n.job_seq`,
});
