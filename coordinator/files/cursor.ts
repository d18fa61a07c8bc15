import type { z } from 'zod';
import { CodedError } from '../../shared/coded-error.ts';

/** Where a list goes on, as a text that clients only pass back. */
export const writeCursor = (position: unknown): string => Buffer.from(JSON.stringify(position)).toString('base64url');

/** Reads a cursor back; throws `bad-cursor` when it is not one of this list's. */
export const readCursor = <T extends z.ZodType>(cursor: string | undefined, shape: T): z.output<T> | null => {
	if (cursor === undefined) return null;
	try {
		return shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
	} catch (cause) {
		throw new CodedError('bad-cursor', undefined, { cause });
	}
};
