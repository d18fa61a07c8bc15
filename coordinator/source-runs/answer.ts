import { z } from 'zod';

/** As JSON text. */
const MOST_CURSOR = 32 * 1024;
const MOST_NOTE = 500;

const answerSchema = z.object({
	cursor: z.record(z.string(), z.json()),
	more: z.boolean().default(false),
	note: z.string().nullable().default(null),
});

/** What a run of a source says for itself; null when that is no answer. */
export const readAnswer = (result: string | null): { cursor: string; more: boolean; note: string | null } | null => {
	const answer = answerSchema.safeParse(result === null ? null : JSON.parse(result)).data;
	if (!answer) return null;
	const cursor = JSON.stringify(answer.cursor);
	if (Buffer.byteLength(cursor) > MOST_CURSOR) return null;
	return { cursor, more: answer.more, note: answer.note?.slice(0, MOST_NOTE) ?? null };
};
