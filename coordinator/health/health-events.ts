import type { HealthCheck } from '../../shared/protocol/health.ts';

export type HealthEvents = {
	/** Checks that are in another state than at the look before. */
	'health:changed': { at: number; checks: readonly HealthCheck[] };
};
