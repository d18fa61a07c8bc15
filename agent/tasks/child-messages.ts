import type { Failure } from '../../shared/protocol/agent-link.ts';
import type { CpuTime } from './cpu-time.ts';
import type { RunUsage } from './run-usage.ts';
import type { Egress, JsonObject, SourceGiven, TaskInput } from './task-module.ts';

/** How to start the program of a command task: argv as it is, never a shell. */
export interface CommandLaunch {
	argv: string[];
	env: Record<string, string>;
	cwd: string;
}

/** One attempt as a child gets it. */
export interface Run {
	/** Counts the agent's runs, so that an answer finds its attempt. */
	id: number;
	type: string;
	parameters: JsonObject;
	inputs: TaskInput[];
	/** Folder for outputs; made only when the task writes one. Empty for runs that can have none. */
	folder: string;
	outputBytes: number;
	/** Where the source that it reads was. */
	source?: SourceGiven;
	/** By slot. */
	secrets?: Record<string, string>;
	/** Set for task types that ask other machines for something. */
	egress?: Egress;
	/** Set for task types that run a program. */
	command?: CommandLaunch;
}

export type AbortReason = 'cancelled' | 'preempted' | 'timeout';

/**
 * Runs of one message are done one after the other; instant ones are answered together. `group` is the folder of the
 * control group that the child and what it starts are in, if it has one.
 */
export type ToChild = { runs: Run[]; areInstant: boolean; group?: string } | { abort: number; reason: AbortReason };

export interface RunOutput {
	name: string;
	path: string;
	size: number;
	mediaType: string;
}

export interface RunDone {
	id: number;
	usage: RunUsage;
	/** Either the result or the failure is there. */
	result?: JsonObject;
	failure?: Failure;
	outputs?: RunOutput[];
	/** It stopped because it was asked to. */
	aborted?: true;
	/** It made its folder. */
	hasFolder?: true;
	/** The process has grown and should be replaced. */
	isWorn?: true;
}

/** A run that is not instant begins: from where its use is counted, should the child not live to tell. */
export interface RunBegun {
	id: number;
	/** CPU of the child itself so far. */
	own: CpuTime;
	/** CPU of its control group so far; without one, of the children that it has awaited. */
	tree: CpuTime;
}

export interface RunLogLine {
	stream: 'out' | 'err' | 'system';
	text: string;
}

export type FromChild =
	| { done: RunDone[] }
	| { begun: RunBegun }
	/** The program runs: what its watcher itself had used by then. */
	| { watching: { id: number; own: CpuTime } }
	| { progress: { id: number; progress: number | null; phase: string | null } }
	| { log: { id: number; lines: RunLogLine[] } };
