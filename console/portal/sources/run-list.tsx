import { Link } from 'react-router';
import { plural } from '../../kit/format.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import pageClasses from '../../kit/shell/page.module.css';
import { LookChip } from '../../kit/state-chip.tsx';
import { LoadingState } from '../../kit/states.tsx';
import { printable } from '../../kit/tasks/log-lines.ts';
import { RelativeTime } from '../../kit/time.tsx';
import { RUN_LOOKS } from './source-words.ts';
import classes from './sources.module.css';
import { useLastRuns } from './use-sources.ts';

/** What became of the last runs, the newest first. */
export const RunList = ({ source }: { source: string }) => {
	const { data, error } = useLastRuns(source);
	if (data === undefined) {
		return error ? (
			<p className={pageClasses.fault} role="alert">
				{errorText(error)}
			</p>
		) : (
			<LoadingState what="its runs" rows={2} />
		);
	}
	if (data.items.length === 0) return <p className={pageClasses.quiet}>It has not run yet.</p>;
	return (
		<ul className={classes.runs}>
			{data.items.map(({ task, state, startedAt, items, more, note }) => (
				<li key={task}>
					<LookChip look={RUN_LOOKS[state]} quiet={state === 'done'} />
					<Link className={pageClasses.link!} to={`/tasks/${task}`}>
						<RelativeTime at={startedAt} />
					</Link>
					<span className={pageClasses.quiet}>
						{state !== 'open' && plural(items, 'item')}
						{more && ', and there was more'}
					</span>
					{note !== null && <span className={classes.note}>{printable(note)}</span>}
				</li>
			))}
		</ul>
	);
};
