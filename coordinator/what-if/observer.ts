import type { ReadyTask } from '../scheduler/ready-task.ts';
import type { Change } from './world.ts';

/** Its node was away for too long, or other work wanted the slot of idle-only work. */
export type Loss = 'node' | 'preempted';

/** Hears what happens, in order. Everything is optional: a scenario listens for what it measures. */
export interface Observer<T extends ReadyTask> {
	/** It stands in line, for the first time or again. */
	arrived?(task: T, now: number): void;
	started?(task: T, node: string, now: number): void;
	/** It ran already when the simulation began. */
	held?(task: T, node: string, now: number): void;
	/** Its run is over; `cost` is what it took, null when nobody is charged. */
	ended?(task: T, node: string, startedAt: number, now: number, cost: number | null): void;
	/** It was altered while it stood in line. */
	altered?(before: T, task: T, now: number): void;
	/** It was taken out of line. */
	removed?(task: T, now: number): void;
	/** It had to give its slot back without having ended. */
	lost?(task: T, node: string, startedAt: number, now: number, why: Loss): void;
	changed?(change: Change, now: number): void;
}
