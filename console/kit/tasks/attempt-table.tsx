import type { ReactNode } from 'react';
import type { AttemptView } from '../../../shared/protocol/task.ts';
import { LookChip } from '../state-chip.tsx';
import { ATTEMPT_LOOKS } from '../task-words.ts';
import { Duration, RelativeTime } from '../time.tsx';
import { printable } from './log-lines.ts';
import classes from './task-parts.module.css';

interface AttemptTableProps {
	attempts: readonly AttemptView[];
	/** A node by its name, where there is more to tell of it. */
	node?: (name: string) => ReactNode;
	/** What is shown of a reason, which anybody may have written. */
	textOf?: (reason: string) => string;
}

/** What was tried, where, and how it ended; the newest first. */
export const AttemptTable = ({ attempts, node = strong, textOf = printable }: AttemptTableProps) => {
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
								<span>on {node(attempt.node)}</span>
								<span className={classes.quiet}>
									<RelativeTime at={attempt.startedAt} />, {attempt.finishedAt === null ? 'for ' : 'took '}
									<Duration from={attempt.startedAt} until={attempt.finishedAt} />
								</span>
							</div>
							{attempt.reason !== null && <p className={classes.reason}>{textOf(attempt.reason)}</p>}
						</div>
					</li>
				))}
		</ol>
	);
};

const strong = (name: string): ReactNode => <strong>{name}</strong>;
