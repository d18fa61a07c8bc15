import { z } from 'zod';
import { idSchema } from './ids.ts';
import { serviceClassNameSchema } from './service-class-name.ts';
import { instantSchema, taskSubmissionSchema } from './task.ts';
import { taskTypeNameSchema } from './task-type.ts';

/** Who holds a task for which a budget has no room, where otherwise a person stands. */
export const BUDGET_HOLDER = 'budget';

/** A billion units of money a month: whoever asks for more has mistaken the unit. */
const MOST_MICRO = 1_000_000_000_000_000;

/** What happens to work for which there is no room: it is let through, made and held, or refused. */
export const BUDGET_ACTIONS = ['warn', 'hold', 'stop'] as const;
export type BudgetAction = (typeof BUDGET_ACTIONS)[number];

export const BUDGET_KINDS = ['person', 'group', 'class'] as const;
export type BudgetKind = (typeof BUDGET_KINDS)[number];

const amountSchema = z
	.number()
	.int()
	.min(0)
	.max(MOST_MICRO)
	.describe('Millionths of the currency for a calendar month');
const warnSchema = z.number().int().min(1).max(100).describe('Percent spent and set aside at which people are told');

/** For whom a budget is: one of the three. */
const ownerSchema = z
	.strictObject({
		person: idSchema('user').optional(),
		group: idSchema('group').optional(),
		class: serviceClassNameSchema.optional(),
	})
	.refine((owner) => Object.values(owner).filter((one) => one !== undefined).length === 1, {
		message: 'takes one of person, group and class',
	});
export type BudgetOwner = z.infer<typeof ownerSchema>;

export const newBudgetSchema = z.strictObject({
	owner: ownerSchema,
	amountMicro: amountSchema,
	warnAtPercent: warnSchema.default(80),
	action: z.enum(BUDGET_ACTIONS).default('hold'),
});
export type NewBudget = z.input<typeof newBudgetSchema>;

export const budgetChangeSchema = z
	.strictObject({
		amountMicro: amountSchema.optional(),
		warnAtPercent: warnSchema.optional(),
		action: z.enum(BUDGET_ACTIONS).optional(),
	})
	.refine((change) => Object.keys(change).length > 0, { message: 'names nothing to change' });
export type BudgetChange = z.infer<typeof budgetChangeSchema>;

const standingSchema = z.object({
	id: idSchema('budget'),
	owner: z.object({
		kind: z.enum(BUDGET_KINDS),
		id: z.string().describe('Public id; of a class its name'),
		name: z.string(),
	}),
	amountMicro: z.number(),
	spentMicro: z.number().describe('This month (UTC), by all whom it is for'),
	reservedMicro: z.number().describe('Set aside for tasks that have not ended'),
	leftMicro: z.number().describe('The amount without both, never below 0'),
	warnAtPercent: z.number(),
	action: z.enum(BUDGET_ACTIONS),
	state: z.enum(['ok', 'warn', 'full']),
});
/** How a budget stands. */
export type BudgetStanding = z.infer<typeof standingSchema>;

export const budgetViewSchema = standingSchema.extend({
	heldTasks: z
		.number()
		.describe('Open tasks that wait for room in it; also while it has some, when they are expected to cost more'),
	version: z.number(),
	createdAt: instantSchema,
	updatedAt: instantSchema,
});
export type BudgetView = z.infer<typeof budgetViewSchema>;

export const ownBudgetsSchema = z.object({
	month: z.string().describe('The calendar month (UTC), such as 2026-03'),
	monthEndsAt: instantSchema.describe('From then on nothing is spent yet'),
	currency: z.string().nullable().describe('Null: nothing has a price'),
	heldTasks: z.number().describe('Own tasks for which a budget has no room now'),
	items: z.array(standingSchema).describe('The own first, then those of groups, then that of the class'),
});
export type OwnBudgets = z.infer<typeof ownBudgetsSchema>;

/** Tasks whose cost is asked for at once. */
export const MOST_ESTIMATED = 1_000;

/** A task as it would be submitted, or many. */
export const estimateRequestSchema = z
	.strictObject({
		...taskSubmissionSchema.shape,
		type: taskTypeNameSchema.optional(),
		tasks: z.array(taskSubmissionSchema).min(1).max(MOST_ESTIMATED).optional(),
	})
	.refine(({ type, tasks }) => (type === undefined) !== (tasks === undefined), { message: 'takes one task, or tasks' });
export type EstimateRequest = z.input<typeof estimateRequestSchema>;

export const estimateSchema = z.object({
	currency: z.string().nullable().describe('Null: nothing has a price'),
	amountMicro: z.number().describe('What is set aside for all of them'),
	low: z.number().describe('Nine of ten such tasks cost more than this'),
	high: z.number().describe('Nine of ten such tasks cost less than this'),
	basedOn: z.enum(['history', 'default']).describe('default: too few of a type have run'),
	tasks: z.number(),
	samples: z.number().describe('Tasks that it goes by; of the type with the fewest'),
	cpuMs: z.number(),
	wallMs: z.number(),
	budgets: z.array(
		standingSchema.pick({ id: true, owner: true, leftMicro: true, action: true }).extend({ fits: z.boolean() }),
	),
	verdict: z
		.enum(['runs', 'held', 'refused'])
		.describe('What would become of them now: all run, some are held, or none is made'),
});
export type Estimate = z.infer<typeof estimateSchema>;
