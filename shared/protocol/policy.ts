import { z } from 'zod';
import { serviceClassNameSchema } from './service-class-name.ts';

/** One value that counts for somebody, and where it comes from. */
export const policyValueSchema = z.object({
	path: z.string().describe('Such as `caps.running`'),
	value: z.json().describe('null: no limit'),
	from: z.string().describe('Such as `class priority v3, given to group lab`'),
});
export type PolicyValue = z.infer<typeof policyValueSchema>;

/** Everything that counts for a person or a task now. */
export const effectivePolicySchema = z.object({
	serviceClass: serviceClassNameSchema,
	version: z.number(),
	because: z.string().describe('How the class came to count'),
	passedOver: z.array(z.string()).describe('Classes that were given too and do not count, each with the reason'),
	values: z.array(policyValueSchema),
});
export type EffectivePolicy = z.infer<typeof effectivePolicySchema>;

/** A class that somebody may name for a task. */
export const classChoiceSchema = z.object({
	name: serviceClassNameSchema,
	description: z.string(),
	idleOnly: z.boolean().describe('It gets only what nobody else can use'),
	own: z.boolean().describe('The one that counts when none is named'),
});
export type ClassChoice = z.infer<typeof classChoiceSchema>;
