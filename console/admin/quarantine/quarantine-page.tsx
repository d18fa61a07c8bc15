import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { discardQuarantine, readQuarantine } from '../../../shared/client/task-steering.ts';
import type { QuarantineGroup } from '../../../shared/protocol/quarantine.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { FilterBox } from '../../kit/shell/filter-box.tsx';
import page from '../../kit/shell/page.module.css';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { keys } from '../remote/keys.ts';
import { followAct } from '../tasks/follow-act.tsx';
import { CauseRow } from './cause-row.tsx';
import { findCauses } from './find-causes.ts';
import classes from './quarantine.module.css';
import { words } from './words.ts';

/** Grouping reads up to 100,000 tasks: often enough, and no oftener. */
const REREAD_MS = 30_000;

const DISCARDED = { doing: 'Discarding', done: 'discarded', isUndoable: false };

/** What failed for good, grouped by cause, and the ways out. */
export const QuarantinePage = () => {
	useTitle(words.title);
	const [text, setText] = useSearchParam('q');
	const [discarding, setDiscarding] = useState<QuarantineGroup | null>(null);
	const { data, error, refetch } = useQuery({
		queryKey: keys.quarantine,
		queryFn: ({ signal }) => readQuarantine(http, { signal }),
		refetchInterval: REREAD_MS,
		staleTime: 0,
	});
	const discard = useAct({
		act: ({ group, count }: QuarantineGroup) => discardQuarantine(http, { group, expected: count }),
		key: keys.quarantine,
		failed: words.failed,
		onDone: (answer) => {
			setDiscarding(null);
			void followAct(answer, DISCARDED);
		},
	});
	const shown = findCauses(data?.groups ?? [], text);
	return (
		<>
			<div className={page.titleBar}>
				<h1 className={page.pageTitle}>{words.title}</h1>
			</div>
			<p className={page.lead}>{words.lead}</p>
			{data === undefined ? (
				error ? (
					<ErrorState error={error} what={words.failed} onRetry={() => void refetch()} />
				) : (
					<LoadingState what={words.loading} />
				)
			) : data.groups.length === 0 ? (
				<EmptyState icon="circleCheck" title={words.noneTitle}>
					{words.none}
				</EmptyState>
			) : (
				<>
					<div className={page.tools}>
						<div className={classes.filter}>
							<FilterBox label={words.filter} value={text} onChange={setText} />
						</div>
						<span className={page.quiet} role="status">
							{words.summary(shown.length, data.tasks, data.truncated)}
						</span>
					</div>
					{shown.length === 0 ? (
						<EmptyState
							icon="search"
							title={words.noneFitTitle}
							actions={<Button onClick={() => setText('')}>{words.clearFilter}</Button>}
						>
							{words.noneFit}
						</EmptyState>
					) : (
						<ul className={page.list}>
							{shown.map((cause) => (
								<CauseRow key={cause.group} cause={cause} onDiscard={setDiscarding} />
							))}
						</ul>
					)}
				</>
			)}
			<ConfirmDialog
				opened={discarding !== null}
				title={words.discardTitle}
				act={words.discardAct(discarding?.count ?? 0)}
				typed={discarding?.errorCode ?? ''}
				busy={discard.isPending}
				error={discard.error === null ? null : errorText(discard.error)}
				onConfirm={() => discarding && discard.mutate(discarding)}
				onClose={() => {
					discard.reset();
					setDiscarding(null);
				}}
			>
				{words.discardLead(discarding?.count ?? 0)}
			</ConfirmDialog>
		</>
	);
};
