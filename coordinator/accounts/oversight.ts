import type { EveryonesKind } from '../../shared/protocol/everyones-thing.ts';
import type { Actor } from './actor.ts';
import { may, requireForAll } from './permissions.ts';

/** What operators may not see of others; only administrators are shown these. */
const PRIVATE: ReadonlySet<EveryonesKind> = new Set(['dataset', 'webhook']);

/** Throws unless everybody's things of this kind may be seen. */
export const requireOversight = (actor: Actor, kind: EveryonesKind): void => {
	requireForAll(actor, 'read', 'oversight');
	if (PRIVATE.has(kind)) requireForAll(actor, 'read', 'user');
};

/** Whether names of people may be told: operators see whose something is by a number only. */
export const mayNamePeople = (actor: Actor): boolean => may(actor, 'read', { kind: 'user', ownerSeq: null });
