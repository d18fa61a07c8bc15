import { Link } from 'react-router';
import { FAILURE_REASONS, failedMeasure } from '../../../shared/protocol/history.ts';
import { countOf } from '../../kit/charts/from-history.ts';
import { formatCount } from '../../kit/format.ts';
import page from '../../kit/shell/page.module.css';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import classes from './overview.module.css';
import { usePace } from './use-overview.ts';
import { reasonWords, words } from './words.ts';

/** Attempts that failed in the last hour by reason, the most first. */
export const Failures = () => {
	const query = usePace();
	const { data } = query;
	if (data === undefined) {
		if (query.error) {
			return <ErrorState error={query.error} what={words.cannotShowFailures} onRetry={() => void query.refetch()} />;
		}
		return <LoadingState what={words.whatFailed} rows={3} />;
	}
	const counts = FAILURE_REASONS.map((reason) => ({ reason, count: countOf(data, failedMeasure(reason)) }))
		.filter(({ count }) => count > 0)
		.sort((a, b) => b.count - a.count);
	const most = counts[0]?.count ?? 1;
	return (
		<>
			{counts.length === 0 ? (
				<p className={page.quiet}>{words.noFailures}</p>
			) : (
				<ul className={classes.reasons}>
					{counts.map(({ reason, count }) => (
						<li key={reason}>
							<span>{reasonWords[reason]}</span>
							<span className={classes.bar} aria-hidden="true">
								<span style={{ width: `${(count / most) * 100}%` }} />
							</span>
							<strong>{formatCount(count)}</strong>
						</li>
					))}
				</ul>
			)}
			<p className={classes.ways}>
				<Link className={page.link!} to="/tasks?state=failed">
					{words.failedTasks}
				</Link>
				<Link className={page.link!} to="/quarantine">
					{words.quarantine}
				</Link>
			</p>
		</>
	);
};
