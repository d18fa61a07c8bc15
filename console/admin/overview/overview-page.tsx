import page from '../../kit/shell/page.module.css';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { useQueues } from '../queues/use-queues.ts';
import { ClassWaits } from './class-waits.tsx';
import { Failures } from './failures.tsx';
import { problemsOf } from './fixes.ts';
import classes from './overview.module.css';
import { OverviewNumbers } from './overview-numbers.tsx';
import { ProblemList } from './problem-list.tsx';
import { Throughput } from './throughput.tsx';
import { useHealth } from './use-overview.ts';
import { words } from './words.ts';

/** Whether all is well, and if not, what first; then how much there is and how it goes. */
export const OverviewPage = () => {
	useTitle(words.title);
	const health = useHealth();
	const queues = useQueues().data?.items;
	return (
		<>
			<div className={page.titleBar}>
				<h1 className={page.pageTitle}>{words.title}</h1>
			</div>
			{health.data === undefined ? (
				health.error ? (
					<ErrorState error={health.error} what={words.cannotShow} onRetry={() => void health.refetch()} />
				) : (
					<LoadingState what={words.theChecks} rows={2} />
				)
			) : (
				<ProblemList problems={problemsOf(health.data)} checks={health.data.checks} />
			)}
			{queues !== undefined && <OverviewNumbers queues={queues} />}
			<div className={classes.below}>
				<div className={classes.column}>
					<section className={page.card}>
						<Throughput />
					</section>
					<section className={page.card}>
						<h2>{words.failures}</h2>
						<Failures />
					</section>
				</div>
				<section className={page.card}>
					<h2>{words.waits}</h2>
					<ClassWaits />
				</section>
			</div>
		</>
	);
};
