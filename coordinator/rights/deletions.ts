import { blankAudit } from '../audit/blank-store.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import {
	beginDeletion,
	blankFew,
	type Deletion,
	deleteSome,
	endDeletion,
	readUnfinishedDeletions,
} from './deletion-store.ts';

/** Rows that go in one transaction, so that other writes get their turn in between. */
const DELETED_AT_ONCE = 200;

/**
 * Deletes people: begun -> what is theirs, some at a time -> their words in the audit log -> the account. What was begun
 * is finished, by the next process if need be; each step can be done twice.
 */
export class Deletions {
	readonly #ledger: Pick<Ledger, 'read' | 'write'>;
	readonly #now: () => number;
	readonly #underWay = new Map<number, Promise<void>>();
	/** Counts what was used: how an attempt ended is not known any more when it is gone. */
	readonly #countUsage: () => Promise<void>;
	/** The account is gone: whoever remembers the person forgets them. */
	readonly #onGone: (userSeq: number) => Promise<void>;

	constructor(options: {
		ledger: Pick<Ledger, 'read' | 'write'>;
		countUsage: () => Promise<void>;
		onGone: (userSeq: number) => Promise<void>;
		now?: () => number;
	}) {
		this.#ledger = options.ledger;
		this.#countUsage = options.countUsage;
		this.#onGone = options.onGone;
		this.#now = options.now ?? Date.now;
	}

	/** Resolves when nothing of the person is left. Throws `confirmation-needed` or `wrong-state`. */
	async delete(id: string, confirm: string, by: Doer): Promise<void> {
		await this.#finish(await this.#ledger.write(beginDeletion, { id, confirm, by, now: this.#now() }));
	}

	/** Goes on with what the last process began. */
	async resume(): Promise<void> {
		for (const deletion of await this.#ledger.read(readUnfinishedDeletions, null)) await this.#finish(deletion);
	}

	#finish(deletion: Deletion): Promise<void> {
		const known = this.#underWay.get(deletion.userSeq);
		if (known) return known;
		const finished = this.#doAll(deletion).finally(() => this.#underWay.delete(deletion.userSeq));
		this.#underWay.set(deletion.userSeq, finished);
		return finished;
	}

	async #doAll(deletion: Deletion): Promise<void> {
		const { userSeq, userId, username, begun } = deletion;
		await this.#countUsage();
		while (await this.#ledger.write(deleteSome, { userSeq, begun, limit: DELETED_AT_ONCE }));
		await this.#ledger.write(blankFew, { userSeq, begun });
		let entriesBlanked = 0;
		for (let after: number | null = 0; after !== null; ) {
			const said: { after: number | null; blanked: number } = await this.#ledger.write(blankAudit, {
				...{ userId, username, begun, after },
			});
			after = said.after;
			entriesBlanked = said.blanked;
		}
		await this.#ledger.write(endDeletion, { deletion, entriesBlanked, now: this.#now() });
		await this.#onGone(userSeq);
	}
}
