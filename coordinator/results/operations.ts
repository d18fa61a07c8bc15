import { readAsked } from './again-store.ts';
import { fileNow, readUnfiled } from './file-now-store.ts';
import { readMadeBy } from './made-by-store.ts';
import { readProvenance } from './provenance-store.ts';
import { listJobOutputs, listResults } from './result-list-store.ts';

/** All SQL of this room. */
export const RESULT_OPERATIONS = [
	fileNow,
	readAsked,
	readMadeBy,
	readProvenance,
	readUnfiled,
	listResults,
	listJobOutputs,
];
