import { CodedError } from '../../shared/coded-error.ts';
import type { Role } from '../../shared/protocol/account.ts';
import type { Json } from '../../shared/protocol/json.ts';
import { sourceWishSchema } from '../../shared/protocol/schedule-wish.ts';
import type { Ledger } from '../database/ledger.ts';
import type { Submissions } from '../jobs/submissions.ts';
import type { PolicyBook } from '../qos/policy.ts';
import { queuedCapOf } from '../queue/queued-cap.ts';
import { findSource } from '../source-runs/source-row.ts';
import { taskOfSource } from '../source-runs/source-task.ts';
import type { PreparedWork, Wishes, WishOwner } from './wish.ts';

/** What a source has to bring since it was left: each time as the source is then. Where it begins is the transaction's to say. */
export class SourceWishes implements Wishes {
	readonly #ledger: Ledger;
	readonly #submissions: Pick<Submissions, 'prepare'>;
	readonly #policies: PolicyBook;
	readonly #mayNameAny: (role: Role) => boolean;

	constructor(options: {
		ledger: Ledger;
		submissions: Pick<Submissions, 'prepare'>;
		policies: PolicyBook;
		/** Whether people of this role may name any service class. */
		mayNameAny: (role: Role) => boolean;
	}) {
		this.#ledger = options.ledger;
		this.#submissions = options.submissions;
		this.#policies = options.policies;
		this.#mayNameAny = options.mayNameAny;
	}

	async prepare(owner: WishOwner, wish: Json, scheduleSeq: number, now: number): Promise<PreparedWork> {
		const { source: id, ...terms } = sourceWishSchema.parse(wish);
		const source = await this.#ledger.read(findSource, id);
		if (source?.ownerSeq !== owner.seq) throw new CodedError('not-found', `There is no source ${id}.`);
		const prepare = this.#submissions.prepare.bind(this.#submissions);
		const of = { now, scheduleSeq, mayNameAny: this.#mayNameAny(owner.role), terms };
		const task = await taskOfSource(prepare, source, of);
		const job = { recipe: null, recipeVersion: null, wish, planned: 1, isFeeding: false };
		return { ...job, tasks: [task], skips: {}, cap: queuedCapOf(this.#policies.of(owner.seq)) };
	}
}
