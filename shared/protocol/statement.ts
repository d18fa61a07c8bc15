import { z } from 'zod';
import { idSchema } from './ids.ts';
import { instantSchema } from './task.ts';
import { personSchema, usageKindSchema, usageSumsSchema } from './usage.ts';

export const monthSchema = z
	.string()
	.regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'a month such as 2026-03')
	.describe('A calendar month in UTC, such as 2026-03');

export const STATEMENT_FORMATS = ['json', 'csv', 'pdf'] as const;
export type StatementFormat = (typeof STATEMENT_FORMATS)[number];

export const statementQuerySchema = z.strictObject({ format: z.enum(STATEMENT_FORMATS).default('json') });
export const adminStatementQuerySchema = statementQuerySchema
	.extend({
		owner: personSchema.optional(),
		group: idSchema('group').optional().describe('Those who are in it today, or in a group within it'),
	})
	.refine(({ owner, group }) => owner === undefined || group === undefined, 'either a person or a group');

/** What a statement is of: a person, a group, or everybody. */
export const statementScopeSchema = z.object({
	kind: z.enum(['person', 'group', 'everybody']),
	id: z.string().nullable(),
	name: z.string().nullable().describe('null: that person was deleted'),
});
export type StatementScope = z.infer<typeof statementScopeSchema>;

/** What somebody used in a month and what it costs. Of a month that is closed it is the same, whenever it is asked for. */
export const statementSchema = z.object({
	month: z.string(),
	from: instantSchema,
	to: instantSchema.describe('Not included'),
	zone: z.literal('UTC'),
	state: z.enum(['so-far', 'closed']).describe('Closed: nothing can be added any more'),
	asOf: instantSchema.describe('Up to when it holds: the end of a month that is closed'),
	issuer: z.string().describe('Whose statement it is: the organisation that runs this'),
	of: statementScopeSchema,
	currency: z.string().nullable().describe('null: nothing had a price'),
	prices: z
		.array(z.object({ version: z.number(), from: instantSchema, to: instantSchema }))
		.describe('Versions of the price book that counted, each with its part of the month'),
	lines: z
		.array(
			usageSumsSchema.extend({
				kind: usageKindSchema,
				what: z.string().describe('The task type, else the kind'),
				class: z.string().nullable().describe('Service class; null: what belongs to none'),
			}),
		)
		.describe('Their amounts are the total, corrections included'),
	people: z
		.array(
			usageSumsSchema.extend({
				id: z.string().nullable(),
				name: z.string().nullable().describe('null: that person was deleted'),
			}),
		)
		.describe('The same by person, for a group or everybody; their amounts are the total, too'),
	corrections: z.array(
		z.object({
			record: z.number(),
			at: instantSchema,
			owner: z.string().nullable(),
			amountMicro: z.number(),
			reason: z.string(),
		}),
	),
	correctionsLeft: z.number().describe('That many more there are; the lines have their sum'),
	total: usageSumsSchema,
});
export type Statement = z.infer<typeof statementSchema>;
export type StatementLine = Statement['lines'][number];
