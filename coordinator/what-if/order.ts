import type { Trace } from '../journal/trace.ts';
import type { Tell } from './progress.ts';
import type { Terms } from './work-out.ts';

/** What a thread is started with. */
export interface WhatIfOrder extends Terms {
	/** The ledger's. */
	file: string;
	from: number;
	to: number;
	/** The memory of a second thread, by which both runs are played at once; null: one after the other. */
	besideHeapMb: number | null;
}

/** Reads the record that an order asks for. */
export type ReadTrace = (order: WhatIfOrder, tell: Tell) => Promise<Trace>;

/** Of the time of a thread that plays one run, so much is reading, roughly. */
export const READING_SHARE = 0.4;
