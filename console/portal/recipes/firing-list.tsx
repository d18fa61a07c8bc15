import { Link } from 'react-router';
import type { FiringState } from '../../../shared/protocol/trigger.ts';
import { plural } from '../../kit/format.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import classes from '../../kit/shell/page.module.css';
import { LookChip } from '../../kit/state-chip.tsx';
import { LoadingState } from '../../kit/states.tsx';
import type { StateLook } from '../../kit/task-words.ts';
import { RelativeTime } from '../../kit/time.tsx';
import recipeClasses from './recipes.module.css';
import { useFirings } from './use-recipes.ts';

const LOOKS: Record<FiringState, StateLook> = {
	fired: { word: 'Started', color: 'teal', icon: 'circleCheck' },
	'waits-for-type': { word: 'Waits for the file’s type', color: 'gray', icon: 'hourglass' },
	skipped: { word: 'Left out', color: 'orange', icon: 'ban' },
};

/** What a trigger has started lately, waits for, or left out and why. */
export const FiringList = ({ trigger }: { trigger: string }) => {
	const { data, error } = useFirings(trigger, true);
	if (data === undefined) {
		return error ? (
			<p className={classes.fault} role="alert">
				{errorText(error)}
			</p>
		) : (
			<LoadingState what="what it started" rows={2} />
		);
	}
	if (data.items.length === 0) return <p className={classes.quiet}>Nothing yet. It looks at what comes from now on.</p>;
	return (
		<ul className={recipeClasses.firings}>
			{data.items.map(({ file, name, version, event, state, reason, tasks, at }) => (
				<li key={`${file} ${version} ${event}`}>
					<LookChip look={LOOKS[state]} quiet={state === 'fired'} />
					<Link className={classes.link!} to={`/tasks?file=${file}`}>
						{name}
					</Link>
					<span className={classes.quiet}>
						{state === 'fired' && `${plural(tasks, 'task')} · `}
						<RelativeTime at={at} />
						{reason !== null && ` · ${reason}`}
					</span>
				</li>
			))}
		</ul>
	);
};
