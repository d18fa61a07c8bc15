import { z } from 'zod';
import { idSchema } from './ids.ts';
import { pageQuerySchema } from './json.ts';
import { mediaPatternsSchema } from './recipe.ts';
import { folderPathSchema } from './result.ts';
import { serviceClassNameSchema } from './service-class.ts';
import { instantSchema, routingKeySchema } from './task.ts';

/**
 * What systems and office programs put beside a person’s files. They are kept as any file is, and never start anything,
 * whatever a trigger says.
 */
export const CLUTTER_NAMES = ['._*', '.DS_Store', 'Thumbs.db', 'desktop.ini', '~$*', '.~lock*'];

/** Under which programs write what is not done yet, to rename it then. */
export const TEMPORARY_NAMES = ['*.tmp', '*.part', '*.partial', '*.crdownload', '.~*', '~WRD*'];
/** The same of folders, with all that is in them. */
export const TEMPORARY_FOLDERS = ['*.sb-*'];

/** Names that programs leave behind, or write while they are not done. */
export const IGNORED_NAMES = ['._*', '.DS_Store', 'Thumbs.db', '~$*', '*.part', '*.tmp'];

/** upload: a new file · update: a further version of one · access: somebody looked at it */
export const FIRING_EVENTS = ['upload', 'update', 'access'] as const;
export type FiringEvent = (typeof FIRING_EVENTS)[number];

export const triggerDraftSchema = z.strictObject({
	recipe: idSchema('recipe'),
	folder: folderPathSchema.default('/'),
	/** Also what lies in folders of the folder. */
	recursive: z.boolean().default(true),
	mediaTypes: mediaPatternsSchema.default(['*/*']),
	/** Names that are left alone; `*` stands for anything, case makes no difference. */
	ignore: z.array(z.string().min(1).max(100)).max(32).default(IGNORED_NAMES),
	events: z
		.array(z.enum(FIRING_EVENTS))
		.min(1)
		.max(2)
		.refine((events) => new Set(events).size === events.length, 'names one twice')
		.refine((events) => events.length === 1 || !events.includes('access'), 'access stands alone')
		.default(['upload', 'update']),
	/** Also what tasks have put out. A trigger is never started by what came of itself. */
	includeResults: z.boolean().default(false),
	/** Instead of those of the steps. */
	routingKey: routingKeySchema.nullable().default(null),
	serviceClass: serviceClassNameSchema.nullable().default(null),
	enabled: z.boolean().default(true),
});
export type TriggerDraft = z.infer<typeof triggerDraftSchema>;
/** As one writes it: defaults left out. */
export type NewTrigger = z.input<typeof triggerDraftSchema>;

export const triggerSchema = z.object({
	...triggerDraftSchema.shape,
	id: idSchema('trigger'),
	version: z.number(),
	createdAt: instantSchema,
	lastFiredAt: instantSchema.nullable(),
});
export type TriggerView = z.infer<typeof triggerSchema>;

/** fired: its tasks were made · waits-for-type: until it is known what the file is · skipped: for the reason given */
export const FIRING_STATES = ['fired', 'waits-for-type', 'skipped'] as const;
export type FiringState = (typeof FIRING_STATES)[number];

export const firingSchema = z.object({
	file: idSchema('file'),
	name: z.string(),
	version: z.number(),
	event: z.enum(FIRING_EVENTS),
	state: z.enum(FIRING_STATES),
	reason: z.string().nullable(),
	tasks: z.number(),
	at: instantSchema,
});
export type Firing = z.infer<typeof firingSchema>;

export const firingQuerySchema = pageQuerySchema.extend({ state: z.enum(FIRING_STATES).optional() });

/** What looking at a file has started. `made` is false when nothing was to be started, or it was already. */
export const accessAnswerSchema = z.object({ made: z.boolean(), tasks: z.array(idSchema('task')) });
