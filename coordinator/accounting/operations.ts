import { closeDays } from './close-store.ts';
import { CORRECTION_OPERATIONS } from './correction-store.ts';
import { COUNTER_OPERATIONS } from './counter-store.ts';
import { CUT_OPERATIONS } from './cut-store.ts';
import { FOLD_OPERATIONS } from './fold-store.ts';
import { FORGET_OPERATIONS } from './forget-store.ts';
import { METER_OPERATIONS } from './meter-store.ts';
import { PRICE_OPERATIONS } from './price-store.ts';
import { PURGE_OPERATIONS } from './purge-store.ts';
import { RECORD_OPERATIONS } from './record-store.ts';
import { ROLLUP_OPERATIONS } from './rollup-store.ts';
import { SEAL_OPERATIONS } from './seal-store.ts';
import { STATEMENT_OPERATIONS } from './statement-store.ts';
import { TRANSFER_OPERATIONS } from './transfer-store.ts';
import { USAGE_LIST_OPERATIONS } from './usage-list-store.ts';
import { VERIFY_OPERATIONS } from './verify-store.ts';

/** SQL of this room. */
export const ACCOUNTING_OPERATIONS = [
	...TRANSFER_OPERATIONS,
	...FOLD_OPERATIONS,
	closeDays,
	...ROLLUP_OPERATIONS,
	...CUT_OPERATIONS,
	...COUNTER_OPERATIONS,
	...PRICE_OPERATIONS,
	...SEAL_OPERATIONS,
	...PURGE_OPERATIONS,
	...FORGET_OPERATIONS,
	...VERIFY_OPERATIONS,
	...METER_OPERATIONS,
	...STATEMENT_OPERATIONS,
	...RECORD_OPERATIONS,
	...USAGE_LIST_OPERATIONS,
	...CORRECTION_OPERATIONS,
];
