import { NOTHING_USED, type UsageQuantities } from '../accounting/usage-record.ts';

/** What is summed up of the attempts of a type, by its names in a record. */
export const EXPECTED = [
	...(['wallUs', 'userUs', 'systemUs', 'deviceUs', 'gpuUs', 'memoryMibMs', 'readBytes', 'writtenBytes'] as const),
] as const satisfies readonly (keyof UsageQuantities)[];

/** What the attempts of a type came to that were charged, together, and of how many tasks they were. */
export type History = Record<(typeof EXPECTED)[number], number> & { tasks: number };

/** What of a manifest says something about a type that has hardly run. */
export interface Bounds {
	/** Milliseconds. */
	hardMs: number;
	devices: number;
}

/** What a task of a type is expected to use, with all its attempts. */
export interface Expected {
	quantities: UsageQuantities;
	basedOn: 'history' | 'default';
	/** Tasks that it goes by. */
	samples: number;
}

/** Fewer tasks than these say nothing about the next one. */
const LEAST_SAMPLES = 3;
/** Taken for what a task of an unknown type uses: ten seconds of a core and a slot, with 256 MiB. */
const UNKNOWN_MS = 10_000;
const UNKNOWN_MIB = 256;

/** The mean of what such tasks used, rounded up; of a type that has hardly run, something that is rather much. */
export const expectUsage = (history: History, bounds: Bounds): Expected => {
	const samples = history.tasks;
	if (samples >= LEAST_SAMPLES) {
		const means = EXPECTED.map((name) => [name, Math.ceil(history[name] / samples)]);
		return { quantities: { ...NOTHING_USED, ...Object.fromEntries(means) }, basedOn: 'history', samples };
	}
	const ms = Math.min(UNKNOWN_MS, bounds.hardMs);
	const quantities = {
		...NOTHING_USED,
		wallUs: ms * 1_000,
		userUs: ms * 1_000,
		deviceUs: ms * 1_000 * bounds.devices,
		memoryMibMs: ms * UNKNOWN_MIB,
	};
	return { quantities, basedOn: 'default', samples };
};
