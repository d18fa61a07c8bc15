import { formatCount } from '../../kit/format.ts';
import { catalogue } from '../../kit/words.ts';

/** What one's own list of tasks says. */
export const words = catalogue('portal-tasks', {
	none: 'Upload a file and its processing appears here: what waits, what runs where, what came out.',
	toFiles: 'To the files',
	state: 'State',
	type: 'Type',
	anyType: 'Any type',
	ofOneFile: 'Of one file',
	showAllFiles: ': show those of all files',
	ofOneJob: 'Of one job',
	showAllJobs: ': show those of all jobs',
	cancelOpen: (count: number) => `Cancel ${formatCount(count)} open`,
	retryNotDone: (count: number) => `Retry ${formatCount(count)} not done`,
});
