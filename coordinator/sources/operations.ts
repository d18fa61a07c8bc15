import { failRuns } from '../source-runs/failure-store.ts';
import { findSource } from '../source-runs/source-row.ts';
import { listEveryonesSources } from './everyones-store.ts';
import { listSourceRuns, listSources, readListedSource, readMonths, readParts, readSource } from './find-store.ts';
import { addSource, changeSource, deleteSource } from './source-store.ts';
import { pauseSource, readPausedWith, readRunning, resetSource, resumeSource, runSource } from './state-store.ts';

/** All SQL of sources and their runs. */
export const SOURCE_OPERATIONS = [
	addSource,
	changeSource,
	deleteSource,
	failRuns,
	findSource,
	listSourceRuns,
	listSources,
	pauseSource,
	readListedSource,
	readMonths,
	readParts,
	readPausedWith,
	readRunning,
	readSource,
	resetSource,
	resumeSource,
	runSource,
	listEveryonesSources,
];
