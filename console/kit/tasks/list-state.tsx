import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { EmptyState, ErrorState, LoadingState } from '../states.tsx';
import { words } from './list-words.ts';
import type { TaskListOf } from './use-task-list.ts';

interface ListStateProps {
	query: TaskListOf;
	isFiltered: boolean;
	/** What is said where there are no tasks at all. */
	none: ReactNode;
	onClear(): void;
}

/** What is in the place of the list while it has no rows. */
export const ListState = ({ query, isFiltered, none, onClear }: ListStateProps) => {
	if (query.isPending) return <LoadingState what={words.loading} />;
	if (query.error) {
		return <ErrorState error={query.error} what={words.failed} onRetry={() => void query.refetch()} />;
	}
	const toClear = (
		<Button variant="default" onClick={onClear}>
			{words.clearFilter}
		</Button>
	);
	// A filter that fits hardly any task is looked for a part at a time.
	if (query.hasNextPage) {
		const further = (
			<Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
				{words.lookFurther}
			</Button>
		);
		return (
			<EmptyState
				icon="search"
				title={words.noneSoFarTitle}
				actions={
					<>
						{further}
						{toClear}
					</>
				}
			>
				{words.noneSoFar}
			</EmptyState>
		);
	}
	if (!isFiltered) return none;
	return (
		<EmptyState icon="search" title={words.noneFitTitle} actions={toClear}>
			{words.noneFit}
		</EmptyState>
	);
};
