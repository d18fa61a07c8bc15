import { BUILT_IN_TASK_TYPES } from '../../shared/protocol/built-in-task-types.ts';
import { CODE } from './load-task.ts';
import type { JsonObject } from './task-module.ts';

/**
 * Of which types runs with some parameters take microseconds. Such runs share one message to one child and are done
 * there one after the other, since the message would cost more than the work.
 */
const INSTANT: ReadonlyMap<string, (parameters: JsonObject) => boolean> = new Map([
	['noop', (parameters: JsonObject) => !parameters.sleepMs && !parameters.cpuMs],
]);

// The manifests are in shared/, the code is here: an agent that has one without the other must not start.
for (const { name } of BUILT_IN_TASK_TYPES) {
	if (!CODE.has(name)) throw new Error(`the built-in task type ${name} has no code`);
}
for (const name of CODE.keys()) {
	if (!BUILT_IN_TASK_TYPES.some((type) => type.name === name)) throw new Error(`the task ${name} has no manifest`);
}

/** Names of the task types that every agent carries. */
export const builtInNames: readonly string[] = [...CODE.keys()];

const ASKS_OUTSIDE = new Set(
	BUILT_IN_TASK_TYPES.filter(({ network }) => network === 'guarded').map(({ name }) => name),
);

/** Whether a built-in type asks other machines for something. */
export const asksOutside = (type: string): boolean => ASKS_OUTSIDE.has(type);

export const isBuiltIn = (type: string): boolean => CODE.has(type);

export const isInstant = (type: string, parameters: JsonObject): boolean => INSTANT.get(type)?.(parameters) ?? false;
