import { createHash } from 'node:crypto';

/** By what a repeat of a request is known, and by what another request that bears its key. */
export interface Idempotency {
	key: string;
	requestHash: Uint8Array;
}

/** What is asked for: the same key with another kind is another request. */
type Kind = 'task' | 'job' | 'schedule' | 'run' | 'source' | 'recipe' | 'trigger' | 'correction';

/** Null: the request bears no key. With a space in it, what comes of it is never a key that a person sends. */
export const idempotencyOf = (kind: Kind, key: string | null, request: unknown): Idempotency | null =>
	key === null
		? null
		: { key: `${kind} ${key}`, requestHash: createHash('sha256').update(JSON.stringify(request)).digest() };
