import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { CodedError } from '../../../shared/coded-error.ts';
import { EmptyState, ErrorState, LoadingState } from '../states.tsx';

interface ReadOneProps<T> {
	query: { data: T | undefined; error: unknown; refetch(): unknown };
	/** False for what is no id at all: trying again helps as little as with one that is not there. */
	isId: boolean;
	/** Such as `recipe`. */
	what: string;
	all: { to: string; word: string };
	children(thing: T): ReactNode;
}

/** The page of one thing, in each of its states. */
export const ReadOne = <T,>({ query, isId, what, all, children }: ReadOneProps<T>) => {
	// What was deleted elsewhere is not shown as if it were still there.
	const isGone = !isId || (query.error instanceof CodedError && query.error.code === 'not-found');
	const toAll = (
		<Button component={Link} to={all.to}>
			{all.word}
		</Button>
	);
	if (isGone) {
		return (
			<EmptyState isPage icon="search" title={`There is no such ${what}`} actions={toAll}>
				It may have been deleted or belong to somebody else, or the link may be mistyped.
			</EmptyState>
		);
	}
	if (query.data !== undefined) return children(query.data);
	if (query.error) {
		return (
			<ErrorState
				error={query.error}
				what={`The ${what} cannot be shown`}
				onRetry={() => void query.refetch()}
				actions={toAll}
			/>
		);
	}
	return <LoadingState what={`the ${what}`} />;
};
