import type { Json } from '../../shared/protocol/json.ts';

export type JsonObject = { [key: string]: Json };

/** One input, there on the local disk. Read only: other attempts may read the same file. */
export interface TaskInput {
	name: string;
	path: string;
	size: number;
	/** Of the content as it was when the task was made; what is there was checked against it when it came. */
	sha256: string;
}

/** What a task gets to see of the world. */
export interface TaskContext {
	parameters: JsonObject;
	inputs: readonly TaskInput[];
	/** The path under which the task writes an output of that name; the folder is there. */
	output(name: string, mediaType: string): Promise<string>;
	/** Aborted when the task is cancelled or out of time; its reason says which. */
	signal: AbortSignal;
	/** 0 to 1, or null while nothing is known. */
	progress(fraction: number | null, phase?: string): void;
	log(text: string): void;
}

/** The code of one task type. */
export interface TaskModule {
	run(context: TaskContext): Promise<JsonObject>;
}

/** A task's only input, for types that take exactly one. */
export const onlyInput = (context: TaskContext): TaskInput => {
	const [input] = context.inputs;
	if (input === undefined) throw new TypeError('this task needs an input');
	return input;
};
