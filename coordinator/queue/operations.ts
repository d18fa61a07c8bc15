import { admitHeld, readAwaitsBudget } from './admit-store.ts';
import { alterTasks, undoAlterations } from './alter-store.ts';
import { findAnswer } from './answer-store.ts';
import { cancelTasks } from './cancel-store.ts';
import { forgetLogs } from './forget-logs-store.ts';
import { claimTasks, findEndedAttempt } from './lease-store.ts';
import { appendLog, readLog } from './log-store.ts';
import { findTaskSeqs, newestTask, scanTasks } from './match-store.ts';
import { missTask } from './missing-store.ts';
import { readOwners, readPastAttempts } from './node-attempt-store.ts';
import { expireTasks, readPayloads, readQueuedPage, readRecentCosts, readRunning, wakeDue } from './open-store.ts';
import { discardTasks, readTroubled } from './quarantine-store.ts';
import { deleteQueue, readQueues, saveQueue, steerQueue, undoQueue } from './queue-store.ts';
import { countStopping, readRetryTerms, retryOwnTask, retryTasks, undoCancels } from './retry-store.ts';
import { readRoutingKeys } from './routing-key-store.ts';
import { readRecentStarts } from './start-store.ts';
import { submitTasks } from './submit-store.ts';
import { listTasks } from './task-list-store.ts';
import { findFilterSeqs, findTask, readTask, readTaskIds, readTaskSpan } from './task-read-store.ts';
import { TASK_TYPE_OPERATIONS } from './task-type-store.ts';

/** All SQL of this room. */
export const QUEUE_OPERATIONS = [
	...TASK_TYPE_OPERATIONS,
	appendLog,
	forgetLogs,
	admitHeld,
	readAwaitsBudget,
	alterTasks,
	cancelTasks,
	countStopping,
	deleteQueue,
	discardTasks,
	findTaskSeqs,
	newestTask,
	readTroubled,
	retryOwnTask,
	retryTasks,
	scanTasks,
	steerQueue,
	undoAlterations,
	undoCancels,
	undoQueue,
	claimTasks,
	expireTasks,
	findAnswer,
	findEndedAttempt,
	findFilterSeqs,
	findTask,
	listTasks,
	missTask,
	readLog,
	readOwners,
	readPastAttempts,
	readPayloads,
	readQueuedPage,
	readQueues,
	readRecentCosts,
	readRecentStarts,
	readRetryTerms,
	readRoutingKeys,
	readRunning,
	readTask,
	readTaskIds,
	readTaskSpan,
	saveQueue,
	submitTasks,
	wakeDue,
];
