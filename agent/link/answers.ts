import { z } from 'zod';
import {
	attemptRefSchema,
	type HeartbeatAnswer,
	type HelloAnswer,
	SETTLE_REPLIES,
	type SettleAnswer,
	type SettleReply,
} from '../../shared/protocol/agent-link.ts';

const voidSchema = z.array(attemptRefSchema);
const periodSchema = z.number().min(10).max(3_600_000);

/** The coordinator's acknowledgements as they come over the wire. */
export const helloAnswerSchema: z.ZodType<HelloAnswer> = z.discriminatedUnion('ok', [
	z.object({
		ok: z.literal(true),
		coordinatorTime: z.number(),
		leaseMs: periodSchema,
		heartbeatMs: periodSchema,
		void: voidSchema,
	}),
	z.object({ ok: z.literal(false), code: z.string(), message: z.string() }),
]);

export const heartbeatAnswerSchema: z.ZodType<HeartbeatAnswer> = z.object({
	seq: z.number(),
	leaseMs: periodSchema,
	void: voidSchema,
});

/** The answer to so many settlements, looked over by hand: it comes thousands of times a second. Null when malformed. */
export const readSettleAnswer = (message: unknown, settlements: number): SettleAnswer | null => {
	if (typeof message !== 'object' || message === null) return null;
	if ('retryAfterMs' in message) {
		const { retryAfterMs } = message;
		return typeof retryAfterMs === 'number' && retryAfterMs >= 0 ? { retryAfterMs } : null;
	}
	if ('refused' in message) {
		const { refused } = message;
		const text = 'message' in message ? message.message : '';
		return typeof refused === 'string' && typeof text === 'string' ? { refused, message: text } : null;
	}
	if (!('statuses' in message) || !Array.isArray(message.statuses)) return null;
	const { statuses } = message;
	return statuses.length === settlements && statuses.every(isStatus) ? { statuses } : null;
};

const isStatus = (value: unknown): value is SettleReply => SETTLE_REPLIES.includes(value as SettleReply);
