import type { ReactNode } from 'react';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { words } from './words.ts';

interface ReadProps<T> {
	query: { data: T | undefined; error: unknown; refetch(): unknown };
	/** Such as `the backups`. */
	what: string;
	children(data: T): ReactNode;
}

/** What a tab reads, in each of its states; what was read stays while it is read again. */
export const Read = <T,>({ query, what, children }: ReadProps<T>) => {
	if (query.data !== undefined) return children(query.data);
	if (query.error) {
		return <ErrorState error={query.error} what={words.cannot(what)} onRetry={() => void query.refetch()} />;
	}
	return <LoadingState what={what} />;
};
