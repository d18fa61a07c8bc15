import { z } from 'zod';
import { idSchema } from './ids.ts';
import { effectivePolicySchema } from './policy.ts';
import { serviceClassNameSchema } from './service-class-name.ts';
import { instantSchema } from './task.ts';

export const groupNameSchema = z
	.string()
	.trim()
	.normalize('NFC')
	.regex(/^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,62}$/u, 'letters, digits, spaces, . _ @ -; 1 to 63 characters');

const parent = idSchema('group').nullable().describe('The group that it lies in; null: in none');
const serviceClass = serviceClassNameSchema
	.nullable()
	.describe('Its people are in this class unless they have one of their own; null: the one of the nearest group above');

export const newGroupSchema = z.strictObject({
	name: groupNameSchema,
	parent: parent.default(null),
	serviceClass: serviceClass.default(null),
});
export type NewGroup = z.input<typeof newGroupSchema>;

/** What is left out stays. */
export const groupChangeSchema = z.strictObject({
	name: groupNameSchema.optional(),
	parent: parent.optional(),
	serviceClass: serviceClass.optional(),
});
export type GroupChange = z.infer<typeof groupChangeSchema>;

export const groupViewSchema = z.object({
	id: idSchema('group'),
	name: z.string(),
	version: z.number().describe('Raised by every change of the group itself; its entity tag'),
	parent,
	serviceClass,
	inForce: z
		.object({
			serviceClass: serviceClassNameSchema,
			group: z.string().nullable().describe('Name of the group that gives it; null: none does, it is everybody’s'),
		})
		.describe('The class that counts now for its people who have no other one, and where it comes from'),
	members: z.number().describe('People who are in it themselves, not by a group within it'),
	createdAt: instantSchema,
});
export type GroupView = z.infer<typeof groupViewSchema>;

export const groupDetailSchema = groupViewSchema.extend({
	policy: effectivePolicySchema.describe(
		'What counts now for its people who have no class of their own and are in no better group, value by value',
	),
});
export type GroupDetail = z.infer<typeof groupDetailSchema>;

export const groupMemberSchema = z.object({ id: idSchema('user'), username: z.string() });
export type GroupMember = z.infer<typeof groupMemberSchema>;
