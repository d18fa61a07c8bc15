import { parentPort, workerData } from 'node:worker_threads';
import { InlineLedger } from '../database/inline-ledger.ts';
import { JOURNAL_OPERATIONS } from './journal-store.ts';
import { type StoryWish, tellStory } from './tell-story.ts';

/** What the thread is started with. */
export interface StoryData {
	file: string;
	wish: StoryWish;
}

// The entry of a thread that tells one story and ends: making decisions again takes seconds of a processor.
const { file, wish } = workerData as StoryData;
const ledger = new InlineLedger({ file, operations: JOURNAL_OPERATIONS, readonly: true });
try {
	parentPort?.postMessage(await tellStory(ledger, wish));
} finally {
	await ledger[Symbol.asyncDispose]();
}
