import type { BackupCheck } from '../../../shared/protocol/backup.ts';

export type CheckStanding = 'none' | 'checking' | 'whole' | 'damaged' | 'failed';

/** How a backup stands by its newest check; undefined: there was none since the coordinator's start. */
export const standingOf = (check: BackupCheck | undefined): CheckStanding => {
	if (check === undefined) return 'none';
	if (check.finishedAt === null) return 'checking';
	if (check.error !== null || check.violations === null) return 'failed';
	return check.violations.length === 0 ? 'whole' : 'damaged';
};
