import { z } from 'zod';

/** A name that people give to a thing of their own: anything that can be read. What reorders text or shows nothing is not. */
export const freeNameSchema = z
	.string()
	.trim()
	.min(1, 'must not be empty')
	.max(100, 'may have at most 100 characters')
	.regex(/^[^\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]*$/u, 'may hold no control characters');
