import { Button } from '@mantine/core';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { words } from './words.ts';

interface ListStateProps {
	query: {
		isPending: boolean;
		error: unknown;
		hasNextPage: boolean;
		isFetchingNextPage: boolean;
		refetch(): unknown;
		fetchNextPage(): unknown;
	};
	isFiltered: boolean;
	onClear(): void;
}

/** What is in the place of the list while it has no rows. */
export const ListState = ({ query, isFiltered, onClear }: ListStateProps) => {
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
	if (isFiltered) {
		return (
			<EmptyState icon="search" title={words.noneFitTitle} actions={toClear}>
				{words.noneFit}
			</EmptyState>
		);
	}
	return (
		<EmptyState icon="list" title={words.noneTitle}>
			{words.none}
		</EmptyState>
	);
};
