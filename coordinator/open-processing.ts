import type { Ledger } from './database/ledger.ts';
import type { Happenings } from './happenings/happenings.ts';
import { openJobs } from './jobs/open-jobs.ts';
import type { SubmitRates } from './jobs/submit-rates.ts';
import type { openSteering } from './open-steering.ts';
import type { Route } from './qos/allowed-keys.ts';
import type { PolicyBook } from './qos/policy.ts';
import type { OpenTask } from './queue/open-task.ts';
import type { TaskQueue } from './queue/task-queue.ts';
import type { TaskTypes } from './queue/task-types.ts';
import { openRecipes, type Planning } from './recipes/open-recipes.ts';
import type { Logger } from './report/logger.ts';
import type { TaskScheduler } from './scheduler/task-scheduler.ts';

/** Builds what makes work by itself: after an upload, at a time, out of what other work has brought. */
export const openProcessing = async (parts: {
	ledger: Ledger;
	logger: Logger;
	happenings: Happenings;
	queue: TaskQueue;
	types: TaskTypes;
	policies: PolicyBook;
	rates: SubmitRates;
	route: Route;
	scheduler: TaskScheduler<OpenTask>;
	planning: Planning;
	steering: Pick<ReturnType<typeof openSteering>, 'actParts' | 'matcher'>;
}) => {
	const { ledger, logger, happenings, queue, types, policies, rates, route, scheduler, planning, steering } = parts;
	const { rules, ...recipes } = openRecipes({ ledger, queue, happenings, planning });
	const jobs = openJobs({
		...{ ledger, logger, happenings, queue, types, policies, rates, route, rules, ...planning },
		costOf: (type) => scheduler.insight.cost(type),
		matcher: steering.matcher,
		parts: steering.actParts,
	});
	await jobs.jobs.resume();
	// Only when everybody listens: what the last process left is done first.
	happenings.kick();
	return {
		happenings,
		...recipes,
		...jobs,
		async [Symbol.asyncDispose](): Promise<void> {
			await happenings[Symbol.asyncDispose]();
			await jobs.feeder[Symbol.asyncDispose]();
		},
	};
};
