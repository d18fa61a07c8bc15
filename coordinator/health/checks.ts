import type { Finding } from './check.ts';
import type { HealthFacts } from './facts.ts';
import { checkCertificate, checkDisk, checkLedger, checkWal } from './machine-checks.ts';
import { checkClocks, checkNodesLost } from './node-checks.ts';
import { checkQueuesMove, checkQueuesPaused, checkQueuesServed, checkTasksRouted } from './queue-checks.ts';
import { checkSchedules } from './schedule-check.ts';
import { checkBackup, checkChores, checkDamaged, checkMail } from './upkeep-checks.ts';

/** In the order of CHECK_NAMES. */
const CHECKS: readonly ((facts: HealthFacts) => Finding)[] = [
	checkLedger,
	checkDisk,
	checkWal,
	checkCertificate,
	checkNodesLost,
	checkClocks,
	checkQueuesServed,
	checkTasksRouted,
	checkQueuesMove,
	checkQueuesPaused,
	checkSchedules,
	checkBackup,
	checkDamaged,
	checkChores,
	checkMail,
];

/** What all checks find of the same facts. */
export const findingsOf = (facts: HealthFacts): Finding[] => CHECKS.map((check) => check(facts));
