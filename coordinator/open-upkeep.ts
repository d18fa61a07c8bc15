import { Backups } from './backup/backups.ts';
import type { CoordinatorConfig } from './config/coordinator-config.ts';
import { SystemFacts } from './diagnosis/system-facts.ts';
import { VersionForgetting } from './files/version-forgetting.ts';
import { TaskForgetting } from './jobs/task-forgetting.ts';
import { openDiagnosis } from './open-diagnosis.ts';
import type { Logger } from './report/logger.ts';
import type { RecentLines } from './report/recent-lines.ts';
import type { Rooms } from './rooms.ts';
import { ChoreDesk } from './upkeep/chore-desk.ts';
import { choreList, SCRUB_EVERY_MS } from './upkeep/chore-list.ts';
import { Chores } from './upkeep/chores.ts';
import { forgetOldLogs } from './upkeep/forget-old-logs.ts';
import { HeapPace } from './upkeep/heap-pace.ts';
import { LogDesk } from './upkeep/log-desk.ts';
import { retentionChores } from './upkeep/retention-chores.ts';
import { Scrub } from './upkeep/scrub.ts';

/** What is done again and again, for all rooms, and backups. */
export type Upkeep = Awaited<ReturnType<typeof openUpkeep>>;

/** Chores wait for `begin`. `expireUploads` is of a door. */
export const openUpkeep = async (from: {
	config: CoordinatorConfig;
	rooms: Rooms;
	logger: Logger;
	recentLog: RecentLines;
	expireUploads: () => Promise<unknown>;
}) => {
	const { config, rooms, logger, recentLog, expireUploads } = from;
	const { ledger, audit } = rooms;
	const backups = new Backups({
		...{ ledger, audit, data: config.data, folder: config.backupTo ?? null },
		...{ everyMs: config.backupEvery, keep: config.backupKeep },
		entry: new URL('./backup-thread.js', import.meta.url),
	});
	const scrub = new Scrub({
		ledger,
		pathOf: (sha256) => rooms.blobs.pathOf(sha256),
		rate: config.scrubRate,
		forMs: SCRUB_EVERY_MS * 0.9,
		onDeliveries: () => rooms.deliveries.wake(),
		onDamaged: (found) => logger.error(found, 'content of the store is damaged: restore it from a backup'),
	});
	const chores = await Chores.open({
		...{ ledger, logger },
		chores: choreList({
			ledger,
			sweep: rooms.files.sweep,
			expireUploads,
			sweepSessions: () => rooms.accounts.sessions.sweep(),
			forgetActs: (now) => rooms.acts.forgetOld(now),
			async forgetDeliveries(now) {
				await rooms.webhooks.forgetOld(now);
				await rooms.mail.forgetOld(now);
			},
			forgetNotices: (now) => rooms.notices.forgetOld(now),
			forgetRuns: () => rooms.schedules.forgetOldRuns(),
			tidyDatasets: () => rooms.datasets.tidy(),
			forgetLocks: () => rooms.drive.locks.forgetExpired(),
			foldUsage: () => rooms.accounting.keepUp(),
			sealUsage: () => rooms.accounting.tidy(),
			admitHeld: () => rooms.admissions.look(),
			watchBudgets: () => rooms.budgets.watch(),
			meterStorage: () => rooms.accounting.meterStorage(),
			meterRequests: () => rooms.accounting.requests.flush(),
			forgetJournal: (now) => rooms.journal.forgetOld(now),
			kickHappenings: () => rooms.happenings.kick(),
			scrub,
			retention: retentionChores(config, {
				trash: (keptMs) => rooms.files.emptyTrash(Date.now() - keptMs),
				logs: (keptMs, signal) => forgetOldLogs(ledger, Date.now() - keptMs, signal),
				async tasks(keptMs, signal) {
					// Of a task that is gone nobody knows any more how it ended: what is not counted yet would stay.
					await rooms.accounting.counters.catchUp();
					return new TaskForgetting({ ledger }).forget(keptMs, signal);
				},
				async versions(kept, signal) {
					// Until now they took their room.
					await rooms.accounting.meterStorage();
					return new VersionForgetting({ ledger }).forget(kept, signal);
				},
				usage: (months, signal) => rooms.accounting.forgetting.forget(months, signal),
			}),
			heap: new HeapPace(),
			tasksInLine: () => rooms.scheduler.size,
			backUp: backups.isSet ? { everyMs: config.backupEvery, take: (signal) => backups.take(signal) } : null,
		}),
	});
	rooms.health.upkeep = async () => ({
		backup: await backups.standing(),
		...(config.scrubRate > 0 ? { damaged: { contents: (await scrub.damaged(0)).count } } : {}),
		chores: chores.failed(),
		mail: await rooms.mail.standing(),
	});
	const diagnosis = openDiagnosis({ config, rooms, recentLog });
	const systemFacts = new SystemFacts({ config, ledger, disk: () => rooms.blobs.space.measure() });
	const logDesk = new LogDesk({ logger, recentLog, audit });
	return { backups, scrub, chores, diagnosis, systemFacts, logDesk, choreDesk: new ChoreDesk({ chores, audit }) };
};
