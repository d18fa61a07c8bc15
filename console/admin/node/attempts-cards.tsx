import { Select } from '@mantine/core';
import { pastStateSchema } from '../../../shared/protocol/node-attempt.ts';
import { Timeline } from '../../kit/charts/timeline.tsx';
import page from '../../kit/shell/page.module.css';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { ATTEMPT_LOOKS } from '../../kit/task-words.ts';
import { useRunningAttempts } from '../nodes/use-nodes.ts';
import { spansOf, taskOf } from './attempt-spans.ts';
import { PastTable, RunningTable } from './attempt-tables.tsx';
import { MOST_TIMELINE_MS, RANGES, type Range } from './ranges.ts';
import { usePastAttempts } from './use-node.ts';
import { words } from './words.ts';

/** What the node runs now, each a link to its task. */
export const RunningCard = ({ id }: { id: string }) => {
	const running = useRunningAttempts(id);
	return (
		<section className={page.card} aria-labelledby="node-running">
			<h2 id="node-running">{words.running}</h2>
			{running.data === undefined ? (
				running.error ? (
					<ErrorState error={running.error} what={words.runningWhat} onRetry={() => void running.refetch()} />
				) : (
					<LoadingState what={words.whatRunsThere} rows={2} />
				)
			) : running.data.length === 0 ? (
				<p className={page.quiet}>{words.nothingRuns}</p>
			) : (
				<RunningTable rows={running.data} />
			)}
		</section>
	);
};

/** What ended there: over time, and as a table with how and why. */
export const PastCard = ({ id, range }: { id: string; range: Range }) => {
	const [ended, setEnded] = useSearchParam('ended');
	const state = pastStateSchema.safeParse(ended).data ?? '';
	const past = usePastAttempts(id, range, state);
	const running = useRunningAttempts(id);
	const until = Date.now();
	const from = until - Math.min(RANGES[range].ms, MOST_TIMELINE_MS);
	const spans = spansOf(state === '' ? (running.data ?? []) : [], past.rows).filter(
		(span) => (span.until ?? until) >= from,
	);
	const table = <PastTable rows={past.rows} hasMore={past.hasNextPage} onMore={() => void past.fetchNextPage()} />;
	return (
		<section className={page.card} aria-labelledby="node-past">
			<div className={page.cardHead}>
				<h2 id="node-past">{words.past}</h2>
				<Select
					size="xs"
					aria-label={words.ended}
					value={state}
					onChange={(value) => setEnded(value ?? '')}
					allowDeselect={false}
					data={[
						{ value: '', label: words.anyEnd },
						...pastStateSchema.options.map((each) => ({ value: each, label: ATTEMPT_LOOKS[each].word })),
					]}
				/>
			</div>
			{past.isPending ? (
				<LoadingState what={words.whatEndedThere} rows={3} />
			) : past.error && past.rows.length === 0 ? (
				<ErrorState error={past.error} what={words.pastWhat} onRetry={() => void past.refetch()} />
			) : spans.length === 0 && past.rows.length === 0 && !past.hasNextPage ? (
				<p className={page.quiet}>{state === '' ? words.noPast : words.noPastLike}</p>
			) : (
				<Timeline
					title={words.timeline}
					spans={spans}
					from={from}
					until={until}
					what={words.attempts}
					table={table}
					linkTo={(span) => `/tasks/${taskOf(span)}`}
				/>
			)}
		</section>
	);
};
