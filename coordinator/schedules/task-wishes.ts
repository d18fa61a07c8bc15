import type { Role } from '../../shared/protocol/account.ts';
import type { Json } from '../../shared/protocol/json.ts';
import { taskSubmissionSchema } from '../../shared/protocol/task.ts';
import type { Submissions } from '../jobs/submissions.ts';
import type { PolicyBook } from '../qos/policy.ts';
import { queuedCapOf } from '../queue/queued-cap.ts';
import { plainOrigin } from '../queue/task-origin-store.ts';
import type { PreparedWork, Wishes, WishOwner } from './wish.ts';

/** One task of a type: checked each time as if its owner submitted it then. The rate of submits is not asked. */
export class TaskWishes implements Wishes {
	readonly #submissions: Pick<Submissions, 'prepare'>;
	readonly #policies: PolicyBook;
	readonly #mayNameAny: (role: Role) => boolean;

	constructor(options: {
		submissions: Pick<Submissions, 'prepare'>;
		policies: PolicyBook;
		/** Whether people of this role may name any service class. */
		mayNameAny: (role: Role) => boolean;
	}) {
		this.#submissions = options.submissions;
		this.#policies = options.policies;
		this.#mayNameAny = options.mayNameAny;
	}

	async prepare(owner: WishOwner, wish: Json, scheduleSeq: number, now: number): Promise<PreparedWork> {
		const submission = taskSubmissionSchema.parse(wish);
		const task = await this.#submissions.prepare(owner.seq, submission, now, this.#mayNameAny(owner.role));
		const { given = null, filing = null } = task.origin ?? {};
		const origin = { ...plainOrigin('schedule'), scheduleSeq, given, filing };
		const cap = queuedCapOf(this.#policies.of(owner.seq));
		const job = { recipe: null, recipeVersion: null, wish, planned: 1, isFeeding: false };
		return { ...job, tasks: [{ ...task, origin }], skips: {}, cap };
	}
}
