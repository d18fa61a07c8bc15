import type { AttemptRef } from '../../../shared/protocol/agent-link.ts';

/** As in the schemas of `shared/protocol/agent-link.ts`. */
const MOST_ITEMS = 4_096;
/** Longer than any id or token. */
const MOST_CHARACTERS = 64;

/*
 * The frequent messages are looked over by hand: they come thousands of times a second, and what is in them is only ever
 * compared with what the lease book holds. Settlements are parsed one by one by the queue.
 */

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const isRef = (value: unknown): value is AttemptRef =>
	isObject(value) &&
	typeof value.task === 'string' &&
	value.task.length <= MOST_CHARACTERS &&
	typeof value.attempt === 'number' &&
	typeof value.token === 'string' &&
	value.token.length <= MOST_CHARACTERS;

const readRefs = (value: unknown): AttemptRef[] | null =>
	Array.isArray(value) && value.length <= MOST_ITEMS && value.every(isRef) ? value : null;

/** The attempts of a `task:started`; null when it is malformed. */
export const readStarted = (message: unknown): AttemptRef[] | null =>
	isObject(message) ? readRefs(message.attempts) : null;

/** A heartbeat whose metrics are still to be parsed; null when it is malformed. */
export const readHeartbeat = (message: unknown): { seq: number; running: AttemptRef[]; metrics: unknown } | null => {
	if (!isObject(message) || !Number.isSafeInteger(message.seq)) return null;
	const running = readRefs(message.running);
	return running ? { seq: message.seq as number, running, metrics: message.metrics } : null;
};

/** The items of a `task:settle`, each still to be parsed, and the seal to be checked; null when the envelope is malformed. */
export const readSettle = (message: unknown): { items: unknown[]; seal: unknown } | null => {
	if (!isObject(message)) return null;
	const { items, seal } = message;
	return Array.isArray(items) && items.length > 0 && items.length <= MOST_ITEMS ? { items, seal } : null;
};
