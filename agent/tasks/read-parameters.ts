import type { z } from 'zod';
import { inputError } from './task-failure.ts';
import type { JsonObject } from './task-module.ts';

/** The parameters in their shape. The coordinator has checked them by the manifest, which may be another version's. */
export const readParameters = <S extends z.ZodType>(schema: S, parameters: JsonObject): z.infer<S> => {
	const parsed = schema.safeParse(parameters);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	throw inputError('parameters-invalid', `The parameter ${issue?.path.join('.')} cannot be used: ${issue?.message}.`);
};
