import type { Ledger } from '../database/ledger.ts';
import type { BlobSweep } from '../files/blob-sweep.ts';
import type { Chore } from './chores.ts';
import type { HeapPace } from './heap-pace.ts';
import type { Scrub } from './scrub.ts';
import { forgetIdempotencyKeys } from './upkeep-store.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A repeat of a request later than this is a new request. */
const IDEMPOTENCY_KEPT_MS = 2 * DAY_MS;
/** Content that nothing refers to is kept so long: an undo or a re-upload of the same costs nothing meanwhile. */
const IDLE_BLOB_KEPT_MS = 10 * MINUTE_MS;

/** It works for most of that time, and then tells how far it is. */
export const SCRUB_EVERY_MS = 10 * MINUTE_MS;

/** Every periodic chore of the coordinator: what, how often. */
export const choreList = (parts: {
	ledger: Ledger;
	sweep: BlobSweep;
	expireUploads: () => Promise<unknown>;
	sweepSessions: () => Promise<unknown>;
	forgetActs: (now: number) => Promise<unknown>;
	forgetRuns: () => Promise<unknown>;
	forgetNotices: (now: number) => Promise<unknown>;
	forgetDeliveries: (now: number) => Promise<unknown>;
	tidyDatasets: () => Promise<unknown>;
	forgetLocks: () => Promise<unknown>;
	/** Takes what was metered into its sums. */
	foldUsage: () => Promise<unknown>;
	/** Seals days of usage that are over. */
	sealUsage: () => Promise<unknown>;
	/** Lets tasks go on for which budgets have room again. */
	admitHeld: () => Promise<unknown>;
	/** Tells of budgets that are nearly used up. */
	watchBudgets: () => Promise<unknown>;
	/** Meters what people’s files took since the last time. */
	meterStorage: () => Promise<unknown>;
	/** Meters what people have asked for since the last time. */
	meterRequests: () => Promise<unknown>;
	forgetJournal: (now: number) => Promise<unknown>;
	/** Null when no folder for backups was set. */
	backUp: { everyMs: number; take: (signal: AbortSignal) => Promise<string> } | null;
	scrub: Scrub;
	/** What is forgotten by its age, as far as the settings say. */
	retention: readonly Chore[];
	heap: HeapPace;
	/** Does what was to follow from something and was not done. */
	kickHappenings: () => void;
	/** Tasks in line now. */
	tasksInLine: () => number;
}): Chore[] => [
	{
		name: 'heap-pace',
		what: 'set the pace of garbage collection',
		everyMs: 1_000,
		run: async () => parts.heap.adjust(parts.tasksInLine()),
	},
	{
		name: 'happenings',
		what: 'do what is still to follow from what has happened',
		everyMs: 5_000,
		run: async () => parts.kickHappenings(),
	},
	{
		name: 'fold-usage',
		what: 'take what was metered into its sums',
		everyMs: 1_000,
		run: async () => void (await parts.foldUsage()),
	},
	{
		name: 'admit-held',
		what: 'let tasks go on for which budgets have room again',
		everyMs: 1_000,
		run: async () => void (await parts.admitHeld()),
	},
	{
		name: 'watch-budgets',
		what: 'tell of budgets that are nearly used up',
		everyMs: MINUTE_MS,
		run: async () => void (await parts.watchBudgets()),
	},
	{
		name: 'seal-usage',
		what: 'seal the days of usage that are over',
		everyMs: 10 * MINUTE_MS,
		run: async () => void (await parts.sealUsage()),
	},
	{
		name: 'meter-storage',
		what: 'meter what files take',
		everyMs: HOUR_MS,
		run: async () => void (await parts.meterStorage()),
	},
	{
		name: 'meter-requests',
		what: 'meter requests',
		everyMs: MINUTE_MS,
		run: async () => void (await parts.meterRequests()),
	},
	{
		name: 'sweep-content',
		what: 'sweep content that nothing refers to',
		everyMs: 5 * MINUTE_MS,
		run: async () => void (await parts.sweep.sweepIdle(Date.now() - IDLE_BLOB_KEPT_MS)),
	},
	{
		// Left by a crash between keeping and committing. What an upload is busy with is held, so age does not matter.
		name: 'sweep-orphans',
		what: 'sweep files that no row knows',
		everyMs: HOUR_MS,
		run: async () => void (await parts.sweep.sweepOrphans(Date.now())),
	},
	{
		name: 'expire-uploads',
		what: 'remove uploads that were never finished',
		everyMs: HOUR_MS,
		run: async () => void (await parts.expireUploads()),
	},
	{
		name: 'forget-sessions',
		what: 'forget sessions that have ended',
		everyMs: HOUR_MS,
		run: async () => void (await parts.sweepSessions()),
	},
	{
		name: 'forget-journal',
		what: 'forget the oldest of the journal',
		everyMs: HOUR_MS / 6,
		run: async () => void (await parts.forgetJournal(Date.now())),
	},
	{
		name: 'forget-acts',
		what: 'forget acts that are too old to be undone',
		everyMs: HOUR_MS,
		run: async () => void (await parts.forgetActs(Date.now())),
	},
	{
		name: 'forget-notices',
		what: 'forget old notices',
		everyMs: HOUR_MS,
		run: async () => void (await parts.forgetNotices(Date.now())),
	},
	{
		name: 'forget-deliveries',
		what: 'forget old deliveries of webhooks, and mails',
		everyMs: HOUR_MS,
		run: async () => void (await parts.forgetDeliveries(Date.now())),
	},
	{
		name: 'forget-runs',
		what: 'forget all but the newest runs of schedules',
		everyMs: HOUR_MS,
		run: async () => void (await parts.forgetRuns()),
	},
	{
		name: 'tidy-datasets',
		what: 'remove datasets that were deleted and are read no more',
		everyMs: MINUTE_MS,
		run: async () => void (await parts.tidyDatasets()),
	},
	{
		name: 'forget-locks',
		what: 'forget locks of the drive that have expired',
		everyMs: HOUR_MS,
		run: async () => void (await parts.forgetLocks()),
	},
	{
		name: 'forget-idempotency-keys',
		what: 'forget old idempotency keys',
		everyMs: HOUR_MS,
		run: async () =>
			void (await parts.ledger.write(forgetIdempotencyKeys, { before: Date.now() - IDEMPOTENCY_KEPT_MS })),
	},
	{
		name: 'scrub',
		what: 'read content again, whether it is what it was',
		everyMs: SCRUB_EVERY_MS,
		run: (signal) => parts.scrub.run(signal),
	},
	...parts.retention,
	...(parts.backUp === null
		? []
		: [
				{
					name: 'back-up',
					what: 'back up the ledger and all content',
					everyMs: parts.backUp.everyMs,
					steady: true,
					run: parts.backUp.take,
				},
			]),
];
