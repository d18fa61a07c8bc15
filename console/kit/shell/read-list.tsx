import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { ErrorState, LoadingState } from '../states.tsx';
import classes from './page.module.css';

interface ReadListProps<T> {
	query: {
		rows: T[];
		isPending: boolean;
		error: unknown;
		hasNextPage: boolean;
		isFetchingNextPage: boolean;
		refetch(): unknown;
		fetchNextPage(): unknown;
	};
	/** Such as `the recipes`. */
	what: string;
	/** What is shown when there are none. */
	none: ReactNode;
	row(item: T): ReactNode;
}

/** A list of things as rows of a card, in each of its states. */
export const ReadList = <T extends { id: string }>({ query, what, none, row }: ReadListProps<T>) => {
	const { rows } = query;
	if (rows.length === 0) {
		return (
			<div className={classes.list}>
				{query.isPending ? (
					<LoadingState what={what} />
				) : query.error ? (
					<ErrorState
						error={query.error}
						what={`${what[0]?.toUpperCase()}${what.slice(1)} cannot be shown`}
						onRetry={() => void query.refetch()}
					/>
				) : (
					none
				)}
			</div>
		);
	}
	return (
		<>
			<ul className={classes.list}>
				{rows.map((item) => (
					<li key={item.id}>{row(item)}</li>
				))}
			</ul>
			{query.hasNextPage && (
				<Button
					className={classes.more!}
					variant="default"
					loading={query.isFetchingNextPage}
					onClick={() => void query.fetchNextPage()}
				>
					Load more
				</Button>
			)}
		</>
	);
};
