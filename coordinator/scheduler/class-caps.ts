import type { ClassLoad } from './class-load.ts';
import type { Demand } from './needs.ts';
import type { ClassRules } from './service-class.ts';

/** A limit on what a class runs at once. */
export type ClassCap = 'running' | 'cores' | 'memory' | 'type';

/** What is asked of a cap: how much there may be, how much there is, and how much of it one more task takes. */
type Question<Answer> = (cap: ClassCap, most: number, used: number, each: number) => Answer | null;

/**
 * Asks each cap that limits tasks with this demand, until one gives an answer. Starting, explaining, preempting and
 * forecasting all go by this list. Written out, because it is asked of every stand at every decision.
 */
export const askCaps = <Answer>(
	rules: ClassRules,
	load: ClassLoad,
	demand: Demand,
	ask: Question<Answer>,
): Answer | null => {
	const { mostRunning, mostCores, mostMemoryBytes, mostOfType } = rules;
	const { type, cores, memoryBytes } = demand;
	let answer = mostRunning === null ? null : ask('running', mostRunning, load.size, 1);
	if (answer === null && mostCores !== null) answer = ask('cores', mostCores, load.cores, cores);
	if (answer === null && mostMemoryBytes !== null) {
		answer = ask('memory', mostMemoryBytes, load.memoryBytes, memoryBytes);
	}
	if (answer !== null || !Object.hasOwn(mostOfType, type)) return answer;
	const ofType = mostOfType[type];
	return ofType === undefined ? null : ask('type', ofType, load.ofType(type), 1);
};
