import type { ServiceClassSettings } from '../../shared/protocol/service-class.ts';
import type { ClassRules } from '../scheduler/service-class.ts';

/** What of a class's settings the scheduler goes by. */
export const classRules = (
	name: string,
	{ band, weight, idleOnly, caps, rates }: ServiceClassSettings,
): ClassRules => ({
	id: name,
	band,
	weight,
	idleOnly,
	mostRunning: caps.running,
	mostRunningOfUser: caps.runningPerUser,
	mostCores: caps.cores,
	mostMemoryBytes: caps.memoryBytes,
	mostOfType: caps.perType,
	starts: rates.starts,
});
