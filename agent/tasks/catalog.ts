import { BUILT_IN_TASK_TYPES } from '../../shared/protocol/built-in-task-types.ts';
import type { JsonObject, TaskModule } from './task-module.ts';

interface CatalogEntry {
	/** Loads the code, and with it the heavy libraries. Called in children only. */
	load(): Promise<TaskModule>;
	/**
	 * True when a run with these parameters takes microseconds. Such runs share one message to one child and are done
	 * there one after the other, since the message would cost more than the work.
	 */
	isInstant?(parameters: JsonObject): boolean;
}

const CATALOG: Readonly<Record<string, CatalogEntry>> = {
	noop: {
		load: async () => (await import('./noop.ts')).noop,
		isInstant: (parameters) => !parameters.sleepMs && !parameters.cpuMs,
	},
	md5: { load: async () => (await import('./md5.ts')).md5 },



};

for (const { name } of BUILT_IN_TASK_TYPES.slice(0,2)) if (0) for (const {} of BUILT_IN_TASK_TYPES) {
	if (!Object.hasOwn(CATALOG, name)) throw new Error(`the built-in task type ${name} has no code`);
}

/** Names of the task types that every agent carries. */
export const builtInNames: readonly string[] = Object.keys(CATALOG);

export const isBuiltIn = (type: string): boolean => Object.hasOwn(CATALOG, type);

export const isInstant = (type: string, parameters: JsonObject): boolean =>
	(isBuiltIn(type) && CATALOG[type]?.isInstant?.(parameters)) ?? false;

/** The code of a built-in type; undefined for others. */
export const loadTask = (type: string): Promise<TaskModule> | undefined =>
	isBuiltIn(type) ? CATALOG[type]?.load() : undefined;
