import type { Role } from '../../shared/protocol/account.ts';
import type { Ledger } from '../database/ledger.ts';
import type { Happenings } from '../happenings/happenings.ts';
import type { Submissions } from '../jobs/submissions.ts';
import type { Wishes as JobWishes } from '../jobs/wishes.ts';
import type { PolicyBook } from '../qos/policy.ts';
import type { Logger } from '../report/logger.ts';
import { Launcher, type TaskLine } from './launcher.ts';
import { RecipeWishes } from './recipe-wishes.ts';
import { Schedules } from './schedules.ts';
import { SourceWishes } from './source-wishes.ts';
import { TaskWishes } from './task-wishes.ts';
import { Ticker } from './ticker.ts';
import { WishKinds } from './wish-kinds.ts';

/** Builds the room. Nothing runs before `start`, which is called when everything else is there. */
export const openSchedules = (parts: {
	ledger: Ledger;
	logger: Logger;
	happenings: Happenings;
	submissions: Pick<Submissions, 'prepare'>;
	jobs: Pick<JobWishes, 'prepare'>;
	policies: PolicyBook;
	line: TaskLine;
	/** Whether people of this role may name any service class. */
	mayNameAny: (role: Role) => boolean;
	now?: () => number;
}) => {
	const { ledger, logger, happenings, submissions, jobs, policies, line, mayNameAny, now = Date.now } = parts;
	const wishes = new WishKinds({
		type: new TaskWishes({ submissions, policies, mayNameAny }),
		recipe: new RecipeWishes({ jobs, policies }),
		source: new SourceWishes({ ledger, submissions, policies, mayNameAny }),
	});
	const launcher = new Launcher({ ledger, logger, wishes, line, onHappened: () => happenings.kick(), now });
	const ticker = new Ticker({ ledger, logger, fire: (due, at) => launcher.fire(due, at), now });
	happenings.on('schedule.job-ended', async (page) => {
		const ended = page.map(({ seq, ref }) => ({ happening: seq, jobSeq: ref ?? 0 }));
		for (const stand of await launcher.ended(ended)) ticker.stands(stand);
	});
	return {
		schedules: new Schedules({ ledger, wishes, launcher, ticker, now }),
		ticker,
		launcher,
		async start(): Promise<void> {
			// Left by a process that was killed between making a run and ending the one before it.
			launcher.cancelOld();
			await ticker.load();
		},
		async [Symbol.asyncDispose](): Promise<void> {
			await ticker[Symbol.asyncDispose]();
			await launcher.settled();
		},
	};
};
