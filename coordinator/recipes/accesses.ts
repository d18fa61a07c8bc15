import { CodedError } from '../../shared/coded-error.ts';
import type { Ledger } from '../database/ledger.ts';
import type { TaskQueue } from '../queue/task-queue.ts';
import type { Planner } from './planner.ts';
import { fireLater, readVersionOf, type VersionRow } from './refire-store.ts';
import { byBook } from './replan.ts';
import type { TriggerBooks } from './trigger-book.ts';

/** Somebody looked at a file: starts what the owner wants done then, once a version. */
export class Accesses {
	readonly #ledger: Ledger;
	readonly #queue: Pick<TaskQueue, 'accepted'>;
	readonly #books: TriggerBooks;
	readonly #planner: Planner;

	constructor(options: { ledger: Ledger; queue: Pick<TaskQueue, 'accepted'>; books: TriggerBooks; planner: Planner }) {
		this.#ledger = options.ledger;
		this.#queue = options.queue;
		this.#books = options.books;
		this.#planner = options.planner;
	}

	/** The newest version of a file that is there. Throws `not-found`. */
	async find(file: string): Promise<VersionRow> {
		const version = await this.#ledger.read(readVersionOf, { file, version: null });
		if (!version || version.gone) throw new CodedError('not-found');
		return version;
	}

	/** Ids of the tasks that this has made: none when it was done for this version already. */
	async note({ ownerSeq, input, mediaType }: VersionRow): Promise<string[]> {
		const book = await this.#books.of(ownerSeq);
		if (book.of('access').length === 0) return [];
		const known = { event: 'access', isResult: false, lineage: [], isSniffed: false } as const;
		const now = Date.now();
		const done = await byBook(this.#books, ownerSeq, (newest) => {
			const plan = this.#planner.plan(ownerSeq, newest, { ...known, path: input.path, mediaType });
			const file = { ...known, ownerSeq, input };
			return this.#ledger.write(fireLater, { happening: null, revision: newest.revision, file, plan, now });
		});
		if (done === 'done-before') return [];
		this.#queue.accepted(done.submitted, done.tasks, now);
		return done.submitted.map(({ id }) => id);
	}
}
