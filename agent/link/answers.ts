import { z } from 'zod';
import type { HeartbeatAnswer, HelloAnswer, SettleAnswer } from '../../shared/protocol/agent-link.ts';

const voidSchema = z.array(z.object({ task: z.string(), attempt: z.number().int() }));
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

/** A settle answer, looked over by hand: it comes thousands of times a second. Null when it is malformed. */
export const readSettleAnswer = (message: unknown): SettleAnswer | null => {
	if (typeof message !== 'object' || message === null) return null;
	if ('retryAfterMs' in message) {
		const { retryAfterMs } = message;
		return typeof retryAfterMs === 'number' && retryAfterMs >= 0 ? { retryAfterMs } : null;
	}
	return 'items' in message && Array.isArray(message.items) ? (message as SettleAnswer) : null;
};
