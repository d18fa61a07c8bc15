import type { Ledger } from '../database/ledger.ts';
import type { TaskQueue } from '../queue/task-queue.ts';
import type { TriggerBook } from './book.ts';
import type { FiredFile } from './fire-store.ts';
import type { FileFacts, Plan } from './plan.ts';
import type { Planner } from './planner.ts';
import { fireLater } from './refire-store.ts';
import { byBook } from './replan.ts';
import type { TriggerBooks } from './trigger-book.ts';

/** What is known of a version beside how it came: its type, and where it was. */
type Known = Pick<FileFacts, 'mediaType' | 'from'>;

/** Asks a person's triggers about a version of a file that is there already. */
export class Refire {
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

	plan(book: TriggerBook, file: FiredFile, known: Known): Plan {
		const { ownerSeq, input, event, isResult, lineage, isSniffed } = file;
		return this.#planner.plan(ownerSeq, book, { ...known, path: input.path, event, isResult, lineage, isSniffed });
	}

	/** Plans and does it, in the transaction that deletes the happening that it follows from: once. */
	async one(happening: number, file: FiredFile, known: Known): Promise<void> {
		const now = Date.now();
		const done = await byBook(this.#books, file.ownerSeq, (book) => {
			const plan = this.plan(book, file, known);
			return this.#ledger.write(fireLater, { happening, revision: book.revision, file, plan, now });
		});
		if (done !== 'done-before') this.#queue.accepted(done.submitted, done.tasks, now);
	}
}
