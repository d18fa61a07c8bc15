import { ACCOUNTING_OPERATIONS } from './accounting/operations.ts';
import { ACCOUNT_OPERATIONS } from './accounts/operations.ts';
import { ACT_OPERATIONS } from './acts/act-store.ts';
import { AGENT_OPERATIONS } from './agents/operations.ts';
import { AUDIT_OPERATIONS } from './audit/operations.ts';
import { BACKUP_OPERATIONS } from './backup/backup-store.ts';
import { RESTORE_OPERATIONS } from './backup/restore-store.ts';
import { BUDGET_OPERATIONS } from './budgets/operations.ts';
import type { AnyOperation } from './database/operation.ts';
import { DATASET_OPERATIONS } from './datasets/operations.ts';
import { DIAGNOSIS_OPERATIONS } from './diagnosis/diagnosis-store.ts';
import { readStorageFacts } from './diagnosis/storage-store.ts';
import { DRIVE_OPERATIONS } from './drive/operations.ts';
import { FILE_OPERATIONS } from './files/operations.ts';
import { HAPPENING_OPERATIONS } from './happenings/happening-store.ts';
import { HEALTH_OPERATIONS } from './health/operations.ts';
import { JOB_OPERATIONS } from './jobs/operations.ts';
import { JOURNAL_OPERATIONS } from './journal/journal-store.ts';
import { MAIL_OPERATIONS } from './mail/operations.ts';
import { NOTICE_OPERATIONS } from './notices/operations.ts';
import { QOS_OPERATIONS } from './qos/operations.ts';
import { QUEUE_OPERATIONS } from './queue/operations.ts';
import { RECIPE_OPERATIONS } from './recipes/operations.ts';
import { RESULT_OPERATIONS } from './results/operations.ts';
import { RIGHTS_OPERATIONS } from './rights/operations.ts';
import { SCHEDULE_OPERATIONS } from './schedules/operations.ts';
import { SECRET_OPERATIONS } from './secrets/secret-store.ts';
import { SOURCE_OPERATIONS } from './sources/operations.ts';
import { THING_OPERATIONS } from './things/operations.ts';
import { UPKEEP_OPERATIONS } from './upkeep/upkeep-store.ts';

/** All SQL of all rooms: what the database threads know. */
export const OPERATIONS: readonly AnyOperation[] = [
	...ACCOUNTING_OPERATIONS,
	...ACCOUNT_OPERATIONS,
	...ACT_OPERATIONS,
	...AGENT_OPERATIONS,
	...AUDIT_OPERATIONS,
	...BACKUP_OPERATIONS,
	...RESTORE_OPERATIONS,
	...BUDGET_OPERATIONS,
	...DATASET_OPERATIONS,
	...DIAGNOSIS_OPERATIONS,
	readStorageFacts,
	...DRIVE_OPERATIONS,
	...FILE_OPERATIONS,
	...HAPPENING_OPERATIONS,
	...HEALTH_OPERATIONS,
	...JOB_OPERATIONS,
	...MAIL_OPERATIONS,
	...NOTICE_OPERATIONS,
	...QOS_OPERATIONS,
	...JOURNAL_OPERATIONS,
	...QUEUE_OPERATIONS,
	...SECRET_OPERATIONS,
	...SCHEDULE_OPERATIONS,
	...SOURCE_OPERATIONS,
	...RECIPE_OPERATIONS,
	...RESULT_OPERATIONS,
	...RIGHTS_OPERATIONS,
	...THING_OPERATIONS,
	...UPKEEP_OPERATIONS,
];
