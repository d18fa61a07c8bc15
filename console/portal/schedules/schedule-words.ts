import type { RunOutcome, ScheduleSummary } from '../../../shared/protocol/schedule.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { selectionWords } from '../../../shared/selection-words.ts';
import type { StateLook } from '../../kit/task-words.ts';
import { JOB_LOOKS } from '../jobs/job-words.ts';

const OUTCOME_LOOKS: Record<RunOutcome, StateLook> = {
	started: { word: 'Started', color: 'indigo', icon: 'play' },
	queued: { word: 'Waits for the last run', color: 'gray', icon: 'hourglass' },
	skipped: { word: 'Skipped', color: 'orange', icon: 'ban' },
	missed: { word: 'Missed', color: 'orange', icon: 'clock' },
	refused: { word: 'Refused', color: 'red', icon: 'alert' },
};

/** What it does each time, as far as it says itself. */
export const wishWords = (schedule: ScheduleSummary, types: readonly Pick<Manifest, 'name' | 'title'>[]): string => {
	if ('source' in schedule) return 'What a source has to bring';
	if ('recipe' in schedule) return `A recipe over ${selectionWords(schedule.over)}`;
	return types.find(({ name }) => name === schedule.type)?.title ?? schedule.type;
};

/** What became of a run: of one that started, how its job is. */
export const runLook = ({ outcome, jobState }: { outcome: RunOutcome; jobState: string | null }): StateLook => {
	const job = outcome === 'started' && jobState !== null && Object.hasOwn(JOB_LOOKS, jobState);
	return job ? JOB_LOOKS[jobState as keyof typeof JOB_LOOKS] : OUTCOME_LOOKS[outcome];
};

export const SCHEDULE_LOOKS: Record<ScheduleSummary['state'], StateLook> = {
	active: { word: 'Active', color: 'teal', icon: 'circleCheck' },
	paused: { word: 'Paused', color: 'orange', icon: 'pause' },
};

const TIME: Intl.DateTimeFormatOptions = {
	...{ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
	...{ hour: '2-digit', minute: '2-digit' },
};

/** `Mon, 30 Nov 2026, 07:30` by the clocks of the schedule’s zone. */
export const timeInZone = (at: string, timeZone: string): string => {
	const time = new Date(at);
	try {
		return time.toLocaleString('en-GB', { ...TIME, timeZone });
	} catch {
		// An older browser does not know every zone that the server does.
		return `${time.toLocaleString('en-GB', { ...TIME, timeZone: 'UTC' })} UTC`;
	}
};

export const MISFIRE_WORDS: Record<ScheduleSummary['misfire'], string> = {
	skip: 'Skip the missed times',
	once: 'Run once for all missed',
	all: 'Run every missed time',
};
export const OVERLAP_WORDS: Record<ScheduleSummary['overlap'], string> = {
	skip: 'Skip the new run',
	queue: 'Run it afterwards',
	'cancel-old': 'Cancel the old run',
};
