import type { ClassLoad } from './class-load.ts';
import type { Demand } from './needs.ts';
import type { ClassRules } from './service-class.ts';

/** A limit on what a class runs at once. Starting, explaining, preempting and forecasting all go by this list. */
export interface ClassCap {
	readonly name: 'running' | 'cores' | 'memory' | 'type';
	/** How much of it there may be; null: this does not limit tasks with this demand. */
	readonly most: (rules: ClassRules, demand: Demand) => number | null;
	readonly used: (load: ClassLoad, demand: Demand) => number;
	/** How much of it one task with this demand takes. */
	readonly each: (demand: Demand) => number;
}

const CAPS: readonly (ClassCap & { isSet: (rules: ClassRules) => boolean })[] = [
	{
		name: 'running',
		isSet: ({ mostRunning }) => mostRunning !== null,
		most: ({ mostRunning }) => mostRunning,
		used: ({ size }) => size,
		each: () => 1,
	},
	{
		name: 'cores',
		isSet: ({ mostCores }) => mostCores !== null,
		most: ({ mostCores }) => mostCores,
		used: ({ cores }) => cores,
		each: ({ cores }) => cores,
	},
	{
		name: 'memory',
		isSet: ({ mostMemoryBytes }) => mostMemoryBytes !== null,
		most: ({ mostMemoryBytes }) => mostMemoryBytes,
		used: ({ memoryBytes }) => memoryBytes,
		each: ({ memoryBytes }) => memoryBytes,
	},
	{
		name: 'type',
		isSet: ({ mostOfType }) => Object.keys(mostOfType).length > 0,
		most: ({ mostOfType }, { type }) => (Object.hasOwn(mostOfType, type) ? (mostOfType[type] ?? null) : null),
		used: (load, { type }) => load.ofType(type),
		each: () => 1,
	},
];

/** The caps that a class has at all: nearly always none, and then nothing has to be asked at a decision. */
export const capsOf = (rules: ClassRules): readonly ClassCap[] => CAPS.filter(({ isSet }) => isSet(rules));
