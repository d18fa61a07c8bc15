import type { NoticeKind } from '../../../shared/protocol/notice.ts';
import { type StateLook, TASK_LOOKS } from '../../kit/task-words.ts';

export const NOTICE_LOOKS: Record<NoticeKind, StateLook> = {
	'job-done': { ...TASK_LOOKS.succeeded, word: 'Job done' },
	'job-failed': { ...TASK_LOOKS.failed, word: 'Job failed' },
	'task-failed': { ...TASK_LOOKS.failed, word: 'Task failed' },
	'result-unfiled': { word: 'Result not filed', color: 'orange', icon: 'alert' },
	'schedule-paused': { word: 'Schedule paused', color: 'orange', icon: 'pause' },
	'source-stopped': { word: 'Source stopped', color: 'red', icon: 'ban' },
	'content-damaged': { word: 'File damaged', color: 'red', icon: 'alert' },
	health: { word: 'Health', color: 'orange', icon: 'alert' },
	budget: { word: 'Budget', color: 'orange', icon: 'alert' },
	account: { word: 'Sign-in', color: 'orange', icon: 'key' },
};

/** What each is about, for those who choose which of them are told. */
export const NOTICE_WORDS: Record<NoticeKind, string> = {
	'job-done': 'A job is done',
	'job-failed': 'Tasks of a job failed',
	'task-failed': 'A task of its own failed',
	'result-unfiled': 'A result could not become a file',
	'schedule-paused': 'A schedule paused itself',
	'source-stopped': 'A source was stopped',
	'content-damaged': 'The content of a file is damaged on the disk',
	health: 'A check fails, warns or is well again (administrators)',
	budget: 'A budget is nearly used up, or has no room for more work',
	account: 'Something was done to your sign-in that may not have been you',
};

const PLACES: Record<string, string> = {
	tsk: '/tasks',
	job: '/jobs',
	sch: '/schedules',
	rcp: '/recipes',
	src: '/sources',
};

/** The page of what a notice is about; null when there is none. */
export const placeOfSubject = (subject: string | null): string | null => {
	const place = subject === null ? undefined : PLACES[subject.split('_', 1)[0] ?? ''];
	return place === undefined ? null : `${place}/${subject}`;
};
