import type { ProvenanceRecord } from '../../../shared/protocol/provenance.ts';
import type { TaskDetail, TaskUsage } from '../../../shared/protocol/task.ts';
import { formatBytes, formatDuration } from '../../kit/format.ts';

/** A file that something was made of. */
export interface MadeOf {
	file: string | null;
	dataset?: string | undefined;
	/** Null: it is gone. */
	path: string | null;
	version: number;
	sha256: string;
}

/** How something was made, whether a version of a file or what came out of a task. */
export interface Made {
	task: string;
	type: string;
	typeVersion: number | null;
	cause: string;
	recipe: { id: string; version: number | null; step: number | null } | null;
	/** Null: too long to be kept. */
	parameters: Record<string, unknown> | null;
	inputs: readonly MadeOf[];
	inputCount: number;
	node: string | null;
	attempt: number | null;
	startedAt: string | null;
	finishedAt: string | null;
	usage: TaskUsage;
}

export const madeByRecord = ({ by: _, output: __, ...record }: ProvenanceRecord): Made => record;

export const madeByTask = (task: TaskDetail): Made => {
	const { origin } = task;
	const last = task.attempts.at(-1);
	return {
		task: task.id,
		type: task.type,
		typeVersion: task.typeVersion,
		cause: origin?.cause ?? 'demand',
		recipe:
			origin === null || origin.recipe === null
				? null
				: { id: origin.recipe, version: origin.recipeVersion, step: origin.step },
		parameters: task.parameters,
		inputs: task.inputs,
		inputCount: task.inputs.length,
		node: last?.node ?? task.node,
		attempt: last?.number ?? null,
		startedAt: last?.startedAt ?? null,
		finishedAt: last?.finishedAt ?? null,
		usage: task.usage,
	};
};

const CAUSES: Record<string, string> = {
	demand: 'Somebody asked for it',
	upload: 'A file came',
	update: 'A file changed',
	access: 'Somebody looked at the file',
	result: 'Another task’s result came',
	schedule: 'A schedule ran',
	backfill: 'A trigger was applied to what was there',
	again: 'It was run again',
};

export const causeWords = (cause: string): string => CAUSES[cause] ?? cause;

/** `version 3 of the recipe, step 2`; steps are counted from 1 by people. */
export const recipeWords = ({ version, step }: { version: number | null; step: number | null }): string => {
	const which = version === null ? 'A recipe' : `Version ${version} of the recipe`;
	return step === null ? which : `${which}, step ${step + 1}`;
};

/** `0.3 s of CPU, 40 MB of memory, 1.2 MB fetched, 30 kB handed over`. */
export const usedWords = ({ cpuMs, peakMemoryBytes, bytesIn, bytesOut }: TaskUsage): string =>
	[
		`${formatDuration(cpuMs)} of CPU`,
		`${formatBytes(peakMemoryBytes)} of memory`,
		// What a node had already is not fetched again.
		bytesIn === 0 ? 'nothing fetched anew' : `${formatBytes(bytesIn)} fetched`,
		`${formatBytes(bytesOut)} handed over`,
	].join(', ');

/** A setting as people read it: words as they are, the rest as JSON. */
export const settingWords = (value: unknown): string => {
	if (typeof value === 'boolean') return value ? 'yes' : 'no';
	return typeof value === 'string' ? value : JSON.stringify(value);
};
