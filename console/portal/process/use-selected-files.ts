import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { readFile } from '../../../shared/client/files.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import { http } from '../../kit/remote/api.ts';
import { keys } from '../remote/keys.ts';
import { idsIn, selectedFile, storedSelection } from './selected-files.ts';
import { type ChosenFile, chosenFile } from './work.ts';

export type Selection =
	| { kind: 'none' }
	/** It was a selection of another tab, or of long ago. */
	| { kind: 'gone' }
	| { kind: 'reading' }
	| { kind: 'failed'; error: unknown; retry(): void }
	/** `missing`: so many are not there any more; `left`: so many are too many for one submission. */
	| { kind: 'there'; files: ChosenFile[]; missing: number; left: number };

const isGone = (error: unknown): boolean => error instanceof CodedError && error.code === 'not-found';

/** The files that the address names. */
export const useSelectedFiles = (): Selection => {
	const [params] = useSearchParams();
	const key = params.get('selection');
	const named = params.get('files');
	const stored = useMemo(() => (key === null ? null : storedSelection(key, sessionStorage)), [key]);
	const ids = useMemo(() => (key === null ? (idsIn(named ?? '') ?? []) : []), [key, named]);
	const queries = useQueries({
		queries: ids.map((id) => ({
			queryKey: keys.file(id),
			queryFn: ({ signal }: { signal: AbortSignal }) => readFile(http, id, { signal }),
		})),
	});
	if (key !== null)
		return stored === null
			? { kind: 'gone' }
			: { kind: 'there', files: stored.files.map(chosenFile), missing: 0, left: stored.left };
	if (ids.length === 0) return { kind: named === null || named === '' ? 'none' : 'gone' };
	const failed = queries.find(({ error }) => error !== null && !isGone(error));
	if (failed) {
		const retry = () => {
			for (const query of queries) if (query.isError) void query.refetch();
		};
		return { kind: 'failed', error: failed.error, retry };
	}
	if (queries.some(({ isPending }) => isPending)) return { kind: 'reading' };
	const files = queries.flatMap(({ data }) =>
		data && data.trashedAt === null ? [chosenFile(selectedFile(data))] : [],
	);
	if (files.length === 0) return { kind: 'gone' };
	return { kind: 'there', files, missing: ids.length - files.length, left: 0 };
};
