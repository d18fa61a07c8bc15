import pageClasses from '../../kit/shell/page.module.css';
import { RelativeTime } from '../../kit/time.tsx';
import { timeInZone } from './schedule-words.ts';
import classes from './schedules.module.css';

const SHOWN = 3;

/** The next three times, by the clocks of the zone. */
export const NextRuns = ({ times, timeZone }: { times: readonly string[]; timeZone: string }) => (
	<ul className={classes.next}>
		{times.slice(0, SHOWN).map((at) => (
			<li key={at}>
				<span>{timeInZone(at, timeZone)}</span>
				<span className={pageClasses.quiet}>
					<RelativeTime at={at} />
				</span>
			</li>
		))}
	</ul>
);
