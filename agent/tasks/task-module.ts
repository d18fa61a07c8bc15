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

/** Where a source was when it was last read, and how many items may be read of it now. */
export interface SourceGiven {
	cursor: Json;
	/** Null: as many as the parameters say. */
	left: number | null;
}

/** Whom a task may ask outside, by the word of the machine’s operator. */
export interface Egress {
	/** `host:port` that may be asked whatever their addresses. */
	allow: readonly string[];
	/** Where topics of X are asked for. */
	xApi: string;
}

/** What a task gets to see of the world. */
export interface TaskContext {
	parameters: JsonObject;
	inputs: readonly TaskInput[];
	/** Null: it is not read for a source, or for the first time. */
	readonly source: SourceGiven | null;
	/** Null: it may ask nobody. */
	readonly egress: Egress | null;
	/** The secret that it was given for that slot; null: none. */
	secret(slot: string): string | null;
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
