import { z } from 'zod';

/** The class of everybody who was given no other; it is always there. */
export const STANDARD_CLASS = 'standard';

export const serviceClassNameSchema = z
	.string()
	.regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and dashes; 1 to 63 characters');
