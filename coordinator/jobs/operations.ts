import { readFailedTasks } from './failed-store.ts';
import { dropHungry, feedPage } from './feed-store.ts';
import { FORGET_TASK_OPERATIONS } from './forget-tasks-store.ts';
import { beginJob, listJobs, readJob, readJobBySeq, readUnfinishedJobs, sayOfJob } from './job-store.ts';
import { listJobResults } from './result-store.ts';
import { hasFolder, readSelection } from './selection-store.ts';
import { settlePlain, settleWithEffects } from './settle-store.ts';
import { commitUpload, findUploadAnswer } from './upload-store.ts';

/** All SQL of this room. */
export const JOB_OPERATIONS = [
	...FORGET_TASK_OPERATIONS,
	beginJob,
	commitUpload,
	dropHungry,
	feedPage,
	findUploadAnswer,
	hasFolder,
	listJobResults,
	listJobs,
	readFailedTasks,
	readJob,
	readJobBySeq,
	readSelection,
	readUnfinishedJobs,
	sayOfJob,
	settlePlain,
	settleWithEffects,
];
