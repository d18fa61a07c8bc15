import type { ReadyTask } from './ready-task.ts';
import type { Scheduler } from './scheduler.ts';

/** A scheduler as rooms use it: the core itself, or the core with everything that it is told written down. */
export type TaskScheduler<T extends ReadyTask = ReadyTask> = Pick<Scheduler<T>, keyof Scheduler<T>>;
