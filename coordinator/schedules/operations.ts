import { jobEnded, readUnwanted, readWaiting } from './ended-store.ts';
import { listEveryonesSchedules } from './everyones-store.ts';
import { fireSchedules, runByHand } from './fire-store.ts';
import { forgetRuns, listRuns, listSchedules, readListed, readRun } from './list-store.ts';
import {
	addSchedule,
	changeSchedule,
	deleteSchedule,
	pauseSchedule,
	readActiveSchedules,
	readSchedule,
	readSchedules,
	resumeSchedule,
} from './schedule-store.ts';

/** All SQL of this room. */
export const SCHEDULE_OPERATIONS = [
	addSchedule,
	changeSchedule,
	deleteSchedule,
	fireSchedules,
	forgetRuns,
	jobEnded,
	listRuns,
	listSchedules,
	pauseSchedule,
	readActiveSchedules,
	readListed,
	readRun,
	readSchedule,
	readSchedules,
	readUnwanted,
	readWaiting,
	resumeSchedule,
	runByHand,
	listEveryonesSchedules,
];
