import type { Selection } from './protocol/job.ts';

/** What a selection is of, such as `2 files` or `image/* in /photos`. */
export const selectionWords = (over: Selection | undefined): string => {
	if (over === undefined) return 'no files';
	if ('files' in over) return over.files.length === 1 ? 'one file' : `${over.files.length} files`;
	if ('job' in over) return `what failed of the job ${over.job}`;
	const files = over.mediaTypes?.join(', ') ?? 'the files';
	if ('folder' in over) return `${files} in ${over.folder}${over.recursive ? ' and below' : ''}`;
	const { dataset, version, under } = over;
	return `${files} in dataset:${dataset}${under === undefined ? '' : `/${under}`}${version === undefined ? '' : `@${version}`}`;
};
