import { z } from 'zod';

/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export const jsonObjectSchema = z.record(z.string(), z.json());

/** A page of a list; `nextCursor` is null on the last page. */
export const pageOf = <T extends z.ZodType>(item: T) =>
	z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** What every list takes; lists that take more extend it and stay as strict. */
export const pageQuerySchema = z.strictObject({
	limit: z.coerce.number().int().min(1).max(1000).default(100),
	cursor: z.string().max(512).optional(),
});
