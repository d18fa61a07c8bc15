import { useQuery } from '@tanstack/react-query';
import { readHealth } from '../../../shared/client/health.ts';
import { http } from '../../kit/remote/api.ts';
import page from '../../kit/shell/page.module.css';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { keys } from '../remote/keys.ts';
import { ProblemList } from './problem-list.tsx';

const REREAD_MS = 15_000;

/** Whether all is well, and if not, what first. */
export const OverviewPage = () => {
	useTitle('Overview');
	const health = useQuery({
		queryKey: keys.health,
		queryFn: ({ signal }) => readHealth(http, { signal }),
		refetchInterval: REREAD_MS,
	});
	return (
		<>
			<div className={page.titleBar}>
				<h1 className={page.pageTitle}>Overview</h1>
			</div>
			{health.data === undefined ? (
				health.error ? (
					<ErrorState error={health.error} what="The checks cannot be shown" onRetry={() => void health.refetch()} />
				) : (
					<LoadingState what="the checks" />
				)
			) : (
				<ProblemList health={health.data} />
			)}
		</>
	);
};
