import { statSync } from 'node:fs';
import { join } from 'node:path';
import { refuseHalfRestored } from '../backup/half-restored.ts';
import { BadSetting } from '../config/coordinator-config.ts';
import { InlineLedger } from '../database/inline-ledger.ts';
import { OPERATIONS } from '../operations.ts';

/**
 * The ledger of a data folder for a one-shot command; a running coordinator may have it open too. Only a start begins a
 * new one: a command in the wrong folder would be done on an installation that nobody uses. Throws BadSetting then.
 */
export const openLedger = (data: string): InlineLedger => {
	refuseHalfRestored(data);
	const file = join(data, 'ledger.db');
	if (!statSync(file, { throwIfNoEntry: false })) {
		throw new BadSetting(
			`--data: no coordinator keeps its data in ${data}. Name the folder of yours with --data DIR or MILLRACE_DATA; a new one is begun by: coordinator start`,
		);
	}
	return new InlineLedger({ file, operations: OPERATIONS });
};
