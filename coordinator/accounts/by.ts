import type { Actor } from './actor.ts';

/** Who does something and from where, as audited. */
export interface By {
	/** A user's public id, or `system` for the coordinator itself and its command line. */
	actor: string;
	address: string;
}

/** The coordinator itself, or its command line on its own machine. */
export const BY_SYSTEM: By = { actor: 'system', address: 'local' };

export const byActor = (actor: Actor): By => ({ actor: actor.userId, address: actor.address });
