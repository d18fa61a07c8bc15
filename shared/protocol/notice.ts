import { z } from 'zod';
import { idSchema } from './ids.ts';
import { pageOf, pageQuerySchema } from './json.ts';
import { instantSchema } from './task.ts';

export const NOTICE_KINDS = [
	'job-done',
	'job-failed',
	'task-failed',
	'result-unfiled',
	'schedule-paused',
	'source-stopped',
	'content-damaged',
	// For administrators: a check fails or warns, or is well again.
	'health',
	// To whoever it is for, and administrators: a budget is nearly used up, or has no room for more work.
	'budget',
	// To whose it is: something about the own sign-in that somebody else may have done.
	'account',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

export const noticeSchema = z.object({
	id: idSchema('notice'),
	kind: z.enum(NOTICE_KINDS),
	subject: z
		.string()
		.nullable()
		.describe(
			'Public id of the job, task, schedule, source or file, or the name of a check; the newest, when it stands for many',
		),
	title: z.string(),
	text: z.string(),
	count: z.number().describe('How often the same happened on that day before it was read'),
	at: instantSchema.describe('When it happened last'),
	readAt: instantSchema.nullable(),
});
export type NoticeView = z.infer<typeof noticeSchema>;

export const noticeListQuerySchema = pageQuerySchema.extend({
	unread: z.enum(['true', 'false']).optional().describe('true: only those that were not read'),
});

/** `unread`: of all, not of this page. */
export const noticePageSchema = pageOf(noticeSchema).extend({ unread: z.number() });

/** Which were read: these, or all that are not newer than one of them. */
export const readNoticesSchema = z
	.strictObject({
		ids: z.array(idSchema('notice')).min(1).max(1_000).optional(),
		upTo: idSchema('notice').optional(),
	})
	.refine(({ ids, upTo }) => (ids === undefined) !== (upTo === undefined), 'takes either ids or upTo');
export type ReadNotices = z.infer<typeof readNoticesSchema>;
