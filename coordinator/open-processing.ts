import { may } from './accounts/permissions.ts';
import type { CoordinatorConfig } from './config/coordinator-config.ts';
import type { Ledger } from './database/ledger.ts';
import type { Files } from './files/files.ts';
import type { Happenings } from './happenings/happenings.ts';
import { openJobs } from './jobs/open-jobs.ts';
import type { Submissions } from './jobs/submissions.ts';
import type { SubmitRates } from './jobs/submit-rates.ts';
import { openNotices } from './notices/open-notices.ts';
import type { openSteering } from './open-steering.ts';
import type { Route } from './qos/allowed-keys.ts';
import type { PolicyBook } from './qos/policy.ts';
import type { OpenTask } from './queue/open-task.ts';
import type { TaskQueue } from './queue/task-queue.ts';
import type { TaskTypes } from './queue/task-types.ts';
import { openRecipes, type Planning } from './recipes/open-recipes.ts';
import type { Logger } from './report/logger.ts';
import { Again } from './results/again.ts';
import { FileNow } from './results/file-now.ts';
import { Provenance } from './results/provenance.ts';
import { Results } from './results/results.ts';
import type { TaskScheduler } from './scheduler/task-scheduler.ts';
import { openSchedules } from './schedules/open-schedules.ts';
import type { Secrets } from './secrets/secrets.ts';
import { openSources } from './sources/open-sources.ts';

/** Builds what makes work by itself: after an upload, at a time, out of what other work has brought. */
export const openProcessing = async (parts: {
	config: Pick<CoordinatorConfig, 'egressAllow'>;
	ledger: Ledger;
	logger: Logger;
	happenings: Happenings;
	files: Files;
	secrets: Secrets;
	submissions: Submissions;
	queue: TaskQueue;
	types: TaskTypes;
	policies: PolicyBook;
	rates: SubmitRates;
	route: Route;
	/** Throws when a key reaches a queue that takes no new tasks. */
	checkNew: (routingKey: string) => void;
	scheduler: TaskScheduler<OpenTask>;
	planning: Planning;
	steering: Pick<ReturnType<typeof openSteering>, 'actParts' | 'matcher'>;
}) => {
	const { config, ledger, logger, happenings, submissions, queue, types, policies } = parts;
	const { rates, route, checkNew, scheduler, planning, steering, files, secrets } = parts;
	const { rules, ...recipes } = openRecipes({
		...{ ledger, queue, happenings, logger, planning },
		settler: files.settler,
	});
	const jobs = openJobs({
		...{ ledger, logger, happenings, queue, types, policies, rates, route, checkNew, rules, ...planning },
		costOf: (type) => scheduler.insight.cost(type),
		waitOf: (task) => scheduler.insight.imagine(task, performance.now()),
		matcher: steering.matcher,
		parts: steering.actParts,
	});
	const { deliveries, ...telling } = openNotices({ ledger, logger, happenings, secrets, allow: config.egressAllow });
	const scheduling = openSchedules({
		...{ ledger, logger, happenings, submissions, policies, jobs: jobs.wishes },
		line: {
			accepted: (submitted, tasks, now) => queue.accepted(submitted, tasks, now),
			feed: (seqs) => jobs.feeder.feed(seqs),
			cancel: (seq) => queue.steering.cancelOwn(seq, { overIsFine: true }),
		},
		// Whoever may steer other people's work may name any service class for their own.
		mayNameAny: (role) => may({ userSeq: 0, role, scopes: null }, 'steer', { kind: 'task', ownerSeq: null }),
	});
	const sources = openSources({
		...{ ledger, happenings, types, policies, blobs: files.blobs },
		prepare: (...asked) => submissions.prepare(...asked),
		accepted: (submitted, tasks, now) => queue.accepted(submitted, tasks, now),
		schedulesChanged: (seqs) => scheduling.schedules.changed(seqs),
	});
	const provenance = new Provenance({ ledger });
	const results = new Results({ ledger });
	const again = new Again({ ledger, submit: (...asked) => submissions.one(...asked) });
	const fileNow = new FileNow({ ledger, files, happenings });
	await jobs.jobs.resume();
	// Only when everybody listens: what the last process left is done first.
	happenings.kick();
	files.settler.wake();
	await scheduling.start();
	deliveries.wake();
	return {
		happenings,
		secrets,
		provenance,
		results,
		again,
		fileNow,
		...recipes,
		...jobs,
		...telling,
		deliveries,
		schedules: scheduling.schedules,
		sources,
		async [Symbol.asyncDispose](): Promise<void> {
			await scheduling[Symbol.asyncDispose]();
			await happenings[Symbol.asyncDispose]();
			await deliveries[Symbol.asyncDispose]();
			await jobs.feeder[Symbol.asyncDispose]();
			await recipes.accesses.settled();
		},
	};
};
