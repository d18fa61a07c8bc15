import type { Ledger } from '../database/ledger.ts';
import type { Happenings } from '../happenings/happenings.ts';
import type { Route } from '../qos/allowed-keys.ts';
import type { PolicyBook } from '../qos/policy.ts';
import type { ActParts } from '../queue/act-parts.ts';
import type { TaskMatcher } from '../queue/task-matcher.ts';
import type { TaskQueue } from '../queue/task-queue.ts';
import type { TaskTypes } from '../queue/task-types.ts';
import type { RecipeRules } from '../recipes/recipe-rules.ts';
import type { StepResolver } from '../recipes/step-resolver.ts';
import type { TermsOf } from '../recipes/task-terms.ts';
import type { Logger } from '../report/logger.ts';
import { type CostOf, DryRuns, type WaitOf } from './dry-run.ts';
import { dropHungry } from './feed-store.ts';
import { Feeder } from './feeder.ts';
import { JobTasks } from './job-tasks.ts';
import { Jobs } from './jobs.ts';
import { Selections } from './selections.ts';
import type { SubmitRates } from './submit-rates.ts';
import { Wishes } from './wishes.ts';

/** Builds what makes jobs of wishes. `resume` goes on with what the last process left. */
export const openJobs = (parts: {
	ledger: Ledger;
	logger: Logger;
	happenings: Happenings;
	queue: Pick<TaskQueue, 'accepted'>;
	types: TaskTypes;
	policies: PolicyBook;
	rates: SubmitRates;
	route: Route;
	costOf: CostOf;
	waitOf: WaitOf;
	rules: RecipeRules;
	resolver: StepResolver;
	termsOf: TermsOf;
	checkNew: (routingKey: string) => void;
	matcher: Pick<TaskMatcher, 'ofJob'>;
	parts: Pick<ActParts, 'alter' | 'cancel'>;
}) => {
	const { ledger, logger, queue, types, policies, rates, route, costOf, waitOf, rules, resolver, termsOf, matcher } =
		parts;
	const { checkNew } = parts;
	const jobTasks = new JobTasks({ resolver, termsOf });
	const selections = new Selections(ledger);
	const wishes = new Wishes({ ledger, resolver, rules, jobTasks, selections, policies, checkNew });
	const feeder = new Feeder({ ledger, queue, policies, rates, jobTasks, selections, checkNew, logger });
	const dryRuns = new DryRuns({ ledger, jobTasks, selections, types, policies, route, costOf, waitOf });
	parts.happenings.on('job.hungry', async (page) => {
		await ledger.write(
			dropHungry,
			page.map(({ seq }) => seq),
		);
		// Killed in between, it is fed at the next start.
		feeder.feed(page.flatMap(({ ref }) => (ref === null ? [] : [ref])));
	});
	const jobs = new Jobs({
		...{ ledger, queue, policies, rates, wishes, feeder, dryRuns, matcher },
		parts: parts.parts,
		scheduler: { route },
	});
	return { wishes, feeder, jobs };
};
