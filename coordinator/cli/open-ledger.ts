import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { InlineLedger } from '../database/inline-ledger.ts';
import { OPERATIONS } from '../operations.ts';

/** The ledger of a data folder for a one-shot command; a running coordinator may have it open too. */
export const openLedger = (data: string): InlineLedger => {
	mkdirSync(data, { recursive: true, mode: 0o700 });
	return new InlineLedger({ file: join(data, 'ledger.db'), operations: OPERATIONS });
};
