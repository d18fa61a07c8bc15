import type { Json } from '../../shared/protocol/json.ts';
import { recipeWishSchema } from '../../shared/protocol/schedule-wish.ts';
import type { Wishes as JobWishes } from '../jobs/wishes.ts';
import type { PolicyBook } from '../qos/policy.ts';
import { queuedCapOf } from '../queue/queued-cap.ts';
import type { PreparedWork, Wishes, WishOwner } from './wish.ts';

/**
 * A recipe over files: each time the recipe as it is then and the files that are there then, checked as if its owner asked
 * for the job. One of many tasks is fed; the classes' rates and caps count while it is.
 */
export class RecipeWishes implements Wishes {
	readonly #jobs: Pick<JobWishes, 'prepare'>;
	readonly #policies: PolicyBook;

	constructor(options: { jobs: Pick<JobWishes, 'prepare'>; policies: PolicyBook }) {
		this.#jobs = options.jobs;
		this.#policies = options.policies;
	}

	async prepare(owner: WishOwner, wish: Json, scheduleSeq: number, now: number): Promise<PreparedWork> {
		const source = { ownerSeq: owner.seq, cause: 'schedule', scheduleSeq, triggerSeq: null } as const;
		const { job, tasks, skips } = await this.#jobs.prepare(source, recipeWishSchema.parse(wish), now);
		const { recipe, recipeVersion, planned, isFeeding } = job;
		const cap = queuedCapOf(this.#policies.of(owner.seq));
		return { recipe, recipeVersion, wish: job.wish, tasks, skips, planned, isFeeding, cap };
	}
}
