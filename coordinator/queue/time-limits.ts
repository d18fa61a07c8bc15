import type { Failure } from '../../shared/protocol/agent-link.ts';
import type { Manifest } from '../../shared/protocol/task-type.ts';
import type { Policy } from '../qos/policy.ts';

/** A class's limit is a person's, not the type's author's: so long at most has the task to stop by itself after it. */
const MOST_GRACE_MS = 30_000;

type TypeLimits = Pick<Manifest['limits'], 'softMs' | 'hardMs'>;

/** How long a task may run: as its type says, or as its class does when that is less. */
export const timeLimitsOf = ({ softMs, hardMs }: TypeLimits, longestRunMs: number | null): TypeLimits => {
	if (longestRunMs === null || longestRunMs >= softMs) return { softMs, hardMs };
	const grace = Math.min(MOST_GRACE_MS, Math.max(0, hardMs - softMs));
	return { softMs: longestRunMs, hardMs: Math.min(hardMs, longestRunMs + grace) };
};

/** A failure by time says so when it was the class that gave less time than the type. */
export const namingClassLimit = (failure: Failure, limits: TypeLimits, policy: Policy): Failure => {
	const { longestRunMs } = policy.settings;
	if (failure.class !== 'timeout' || longestRunMs === null || longestRunMs >= limits.softMs) return failure;
	const why = `The service class ${policy.serviceClass} lets a task run ${longestRunMs} ms (longestRunMs); its type would let it run ${limits.softMs} ms.`;
	return { ...failure, message: `${failure.message} ${why}` };
};
