import type { AttemptView } from '../../../shared/protocol/task.ts';
import { LookChip } from '../../kit/state-chip.tsx';
import { ATTEMPT_LOOKS } from '../../kit/task-words.ts';
import { Duration, RelativeTime } from '../../kit/time.tsx';
import { printable } from './log-lines.ts';
import classes from './task-page.module.css';

/** What was tried, where, and how it ended; the newest first. */
export const AttemptTable = ({ attempts }: { attempts: readonly AttemptView[] }) => {
	if (attempts.length === 0) return <p className={classes.none}>Nothing has been tried yet.</p>;
	return (
		<ol className={classes.attempts}>
			{attempts
				.toSorted((a, b) => b.number - a.number)
				.map((attempt) => (
					<li key={attempt.id} data-state={attempt.state}>
						<span className={classes.number}>{attempt.number}</span>
						<div className={classes.attempt}>
							<div className={classes.attemptLine}>
								<LookChip look={ATTEMPT_LOOKS[attempt.state]} />
								<span>
									on <strong>{attempt.node}</strong>
								</span>
								<span className={classes.quiet}>
									<RelativeTime at={attempt.startedAt} />, {attempt.finishedAt === null ? 'for ' : 'took '}
									<Duration from={attempt.startedAt} until={attempt.finishedAt} />
								</span>
							</div>
							{attempt.reason !== null && <p className={classes.reason}>{printable(attempt.reason)}</p>}
						</div>
					</li>
				))}
		</ol>
	);
};
