import type { NoticeKind } from '../../shared/protocol/notice.ts';

/** A notice as it is to be told. */
export interface NoticeWords {
	kind: NoticeKind;
	/** The same word means the same thing again; with the day it makes one notice of many. */
	about: string;
	/** Public id, or the name of a check. */
	subject: string;
	title: string;
	text: string;
}

export interface EndedJob {
	id: string;
	title: string;
	state: string;
	tasks: number;
	failed: number;
	skipped: number;
	/** Public id; null: of none, or it is gone. */
	schedule: string | null;
	recipe: string | null;
}

/** Null: its end is nothing that its owner did not know. */
export const jobWords = (job: EndedJob): NoticeWords | null => {
	const { id, title, state, tasks, failed, skipped } = job;
	const about = job.schedule ?? job.recipe ?? id;
	const skips = skipped === 0 ? '' : ` ${skipped} more were skipped.`;
	const many = tasks === 1 ? '1 task' : `${tasks} tasks`;
	if (state === 'done') {
		return { kind: 'job-done', about, subject: id, title: `${title} is done`, text: `${many} succeeded.${skips}` };
	}
	if (state !== 'failed') return null;
	const text = `${failed} of ${many} failed.${skips} Look at them for the reason, then try them again.`;
	return { kind: 'job-failed', about, subject: id, title: `${title} failed`, text };
};

export interface EndedTask {
	id: string;
	type: string;
	state: string;
	errorMessage: string | null;
}

const STATES: Record<string, string> = {
	failed: 'failed',
	quarantined: 'was put aside, as it took its workers down with it',
	expired: 'was not started in time',
};

/** Null: it is open again, or ended otherwise. */
export const taskWords = ({ id, type, state, errorMessage }: EndedTask): NoticeWords | null => {
	const word = STATES[state];
	if (word === undefined) return null;
	const text = errorMessage ?? 'No node took it before the time at which it was to be given up.';
	return { kind: 'task-failed', about: type, subject: id, title: `A task ${type} ${word}`, text };
};

export const unfiledWords = ({ id, type }: { id: string; type: string }, reason: string): NoticeWords => ({
	kind: 'result-unfiled',
	about: type,
	subject: id,
	title: `What ${type} has made could not be filed`,
	text: `${reason} It stays with the task; when that is mended, file it: millrace task ${id} --file FOLDER`,
});

export const pausedWords = (schedule: { id: string; name: string; reason: string | null }): NoticeWords => ({
	kind: 'schedule-paused',
	about: schedule.id,
	subject: schedule.id,
	title: `The schedule ${schedule.name} is paused`,
	text: schedule.reason ?? 'It runs no more until it is resumed.',
});

export const stoppedWords = (source: { id: string; name: string; reason: string }): NoticeWords => ({
	kind: 'source-stopped',
	about: source.id,
	subject: source.id,
	title: `The source ${source.name} is stopped`,
	text: source.reason,
});

const MOST_NAMED = 5;

/** `all`: how many files it is, of which the first are given. */
export const damagedWords = (files: readonly { id: string; name: string }[], all: number): NoticeWords => {
	const [first] = files;
	const names = files.slice(0, MOST_NAMED).map(({ name }) => name);
	const more = all > names.length ? ` and ${all - names.length} more` : '';
	return {
		kind: 'content-damaged',
		about: 'content',
		subject: first?.id ?? '',
		title: all === 1 ? `The content of ${first?.name} is damaged` : `The content of ${all} files is damaged`,
		text: `On the coordinator’s disk the content of these, or of an older version of them, is not what was stored: ${names.join(', ')}${more}. Whoever has it elsewhere uploads it again, which mends it. The administrators were told, too: they can bring it back from a backup.`,
	};
};

export const budgetWords = (
	{ id, name, kind, action }: { id: string; name: string; kind: string; action: string },
	what: 'near' | 'full',
): NoticeWords => {
	const whose = `The budget of ${kind}${name}`;
	const title = what === 'near' ? `${whose} is nearly used up` : `${whose} has no room for more work this month`;
	const then = THEN[action] ?? '';
	return {
		kind: 'budget',
		about: `${id} ${what}`,
		subject: id,
		title,
		text: `${then} See it: millrace usage. Administrators raise it: millrace admin budgets set`,
	};
};

const THEN: Record<string, string> = {
	warn: 'Work goes on all the same.',
	hold: 'What it has no room for is held, and goes on by itself when there is some, or in the next month.',
	stop: 'What it has no room for is refused.',
};
