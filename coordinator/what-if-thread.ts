import { InlineLedger } from './database/inline-ledger.ts';
import { JOURNAL_OPERATIONS } from './journal/journal-store.ts';
import { readTrace } from './journal/trace.ts';
import { serveWhatIf } from './what-if/what-if-thread.ts';

/** Entries of a trace for each task: it comes, starts and ends, and some do so more than once. */
const ENTRIES_A_TASK = 4;

void serveWhatIf(new URL(import.meta.url), async ({ file, from, to, mostTasks }, tell) => {
	const ledger = new InlineLedger({ file, operations: JOURNAL_OPERATIONS, readonly: true });
	try {
		return await readTrace(ledger, { from, to, most: mostTasks * ENTRIES_A_TASK, tell });
	} finally {
		await ledger[Symbol.asyncDispose]();
	}
});
