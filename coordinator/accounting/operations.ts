import { CUT_OPERATIONS } from './cut-store.ts';
import { ROLLUP_OPERATIONS } from './rollup-store.ts';
import { TRANSFER_OPERATIONS } from './usage-store.ts';

/** SQL of this room. */
export const ACCOUNTING_OPERATIONS = [...TRANSFER_OPERATIONS, ...ROLLUP_OPERATIONS, ...CUT_OPERATIONS];
