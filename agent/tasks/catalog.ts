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

const CATALOG: ReadonlyMap<string, CatalogEntry> = new Map<string, CatalogEntry>([
	[
		'noop',
		{
			load: async () => (await import('./noop.ts')).noop,
			isInstant: (parameters) => !parameters.sleepMs && !parameters.cpuMs,
		},
	],
	['md5', { load: async () => (await import('./md5.ts')).md5 }],
	['mimetype', { load: async () => (await import('./mimetype.ts')).mimetype }],
	['imagefacts', { load: async () => (await import('./imagefacts.ts')).imagefacts }],
	['fetch', { load: async () => (await import('./fetch.ts')).fetchFile }],
	['url', { load: async () => (await import('./url.ts')).url }],
	['feed-topic', { load: async () => (await import('./feed-topic.ts')).feedTopic }],
	['x-topic', { load: async () => (await import('./x-topic.ts')).xTopic }],
	['thumbnail', { load: async () => (await import('./thumbnail.ts')).thumbnail }],
	['resize', { load: async () => (await import('./resize.ts')).resize }],
	['convert', { load: async () => (await import('./convert.ts')).convert }],
	['checksum', { load: async () => (await import('./checksum.ts')).checksum }],
	['verify', { load: async () => (await import('./verify.ts')).verify }],
	['textstats', { load: async () => (await import('./textstats.ts')).textstats }],
	['csvprofile', { load: async () => (await import('./csvprofile.ts')).csvprofile }],
	['archivelist', { load: async () => (await import('./archivelist.ts')).archivelist }],
]);

// The manifests are in shared/, the code is here: an agent that has one without the other must not start.
for (const { name } of BUILT_IN_TASK_TYPES) {
	if (!CATALOG.has(name)) throw new Error(`the built-in task type ${name} has no code`);
}
for (const name of CATALOG.keys()) {
	if (!BUILT_IN_TASK_TYPES.some((type) => type.name === name)) throw new Error(`the task ${name} has no manifest`);
}

/** Names of the task types that every agent carries. */
export const builtInNames: readonly string[] = [...CATALOG.keys()];

const ASKS_OUTSIDE = new Set(
	BUILT_IN_TASK_TYPES.filter(({ network }) => network === 'guarded').map(({ name }) => name),
);

/** Whether a built-in type asks other machines for something. */
export const asksOutside = (type: string): boolean => ASKS_OUTSIDE.has(type);

export const isBuiltIn = (type: string): boolean => CATALOG.has(type);

export const isInstant = (type: string, parameters: JsonObject): boolean =>
	CATALOG.get(type)?.isInstant?.(parameters) ?? false;

/** The code of a built-in type; undefined for others. */
export const loadTask = (type: string): Promise<TaskModule> | undefined => CATALOG.get(type)?.load();
