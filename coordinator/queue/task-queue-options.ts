import type { Assignment, AttemptRef, CancelOrder } from '../../shared/protocol/agent-link.ts';
import type { PriceRow } from '../accounting/price.ts';
import type { Ledger } from '../database/ledger.ts';
import type { PolicyBook } from '../qos/policy.ts';
import type { Announcer } from '../report/announcer.ts';
import type { Logger } from '../report/logger.ts';
import type { TaskScheduler } from '../scheduler/task-scheduler.ts';
import type { ClassOf, OpenTask } from './open-task.ts';
import type { OnImpossibleUsage } from './settle-reports.ts';
import type { CommitEndings, OnAttemptOver } from './settlements.ts';
import type { TaskEvents } from './task-announcements.ts';
import type { TaskTypes } from './task-types.ts';

/** What the task queue is made of, and whom it tells. */
export interface TaskQueueOptions {
	ledger: Ledger;
	scheduler: TaskScheduler<OpenTask>;
	types: TaskTypes;
	announcer: Announcer<TaskEvents>;
	logger: Logger;
	classOf: ClassOf;
	policies: PolicyBook;
	leaseMs: number;
	/** How long a node whose link was cut may come back before what it holds runs elsewhere. */
	linkGraceMs: number;
	commitEndings: CommitEndings;
	/** Whether this output of a live attempt has arrived whole. */
	hasOutput: (ref: AttemptRef, name: string, sha256: string, size: number) => boolean;
	onAttemptOver: OnAttemptOver;
	onImpossibleUsage: OnImpossibleUsage;
	/** What an attempt costs; nothing unless told. */
	price?: PriceRow;
	/** Pushes to the agents; the link may be gone, then the lease runs out. */
	push: { assign(node: string, tasks: Assignment[]): void; cancel(node: string, order: CancelOrder): void };
}
