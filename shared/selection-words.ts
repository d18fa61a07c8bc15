import type { Selection } from './protocol/job.ts';

/** What a selection is of, such as `2 files` or `image/* in /photos`. */
export const selectionWords = (over: Selection | undefined): string => {
	if (over === undefined) return 'no files';
	if ('files' in over) return over.files.length === 1 ? 'one file' : `${over.files.length} files`;
	const { folder, recursive, mediaTypes } = over;
	return `${mediaTypes?.join(', ') ?? 'the files'} in ${folder}${recursive ? ' and below' : ''}`;
};
