import { CodedError } from '../../shared/coded-error.ts';
import type { Ledger } from '../database/ledger.ts';
import type { TaskQueue } from '../queue/task-queue.ts';
import type { Logger } from '../report/logger.ts';
import type { Planner } from './planner.ts';
import { fireLater, readVersionOf, type VersionRow } from './refire-store.ts';
import { byBook } from './replan.ts';
import type { TriggerBooks } from './trigger-book.ts';

/** Versions that are known to have been looked at, so that a film that is read in a thousand ranges asks once. */
const MOST_KNOWN = 10_000;

/** A version of a file as a door serves it. */
export interface ServedVersion {
	ownerSeq: number;
	/** Public id of the file. */
	fileId: string;
	version: number;
}

/** Somebody looked at a file: starts what the owner wants done then, once a version. */
export class Accesses {
	readonly #ledger: Ledger;
	readonly #queue: Pick<TaskQueue, 'accepted'>;
	readonly #books: TriggerBooks;
	readonly #planner: Planner;
	readonly #logger: Logger;
	/** By version: at which revision of its owner's book. */
	readonly #known = new Map<string, number>();
	readonly #following = new Set<Promise<void>>();

	constructor(options: {
		ledger: Ledger;
		queue: Pick<TaskQueue, 'accepted'>;
		books: TriggerBooks;
		planner: Planner;
		logger: Logger;
	}) {
		this.#ledger = options.ledger;
		this.#queue = options.queue;
		this.#books = options.books;
		this.#planner = options.planner;
		this.#logger = options.logger;
	}

	/**
	 * A person is being given content. Only the owner counts as somebody who looks; nobody waits for what follows, and no
	 * download fails by it.
	 */
	served(by: number, version: ServedVersion): void {
		if (by !== version.ownerSeq) return;
		const following = this.#follow(version)
			.catch((error) => this.#logger.error({ err: error, ...version }, 'what follows from looking at a file failed'))
			.finally(() => this.#following.delete(following));
		this.#following.add(following);
	}

	/** Until nothing follows any more from what was served. */
	async settled(): Promise<void> {
		while (this.#following.size > 0) await Promise.all(this.#following);
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

	/** Without a trigger that fires then it is not more than a look into memory. */
	async #follow({ ownerSeq, fileId, version }: ServedVersion): Promise<void> {
		const book = await this.#books.of(ownerSeq);
		const key = `${fileId} ${version}`;
		if (book.of('access').length === 0 || this.#known.get(key) === book.revision) return;
		if (this.#known.size >= MOST_KNOWN) this.#known.clear();
		this.#known.set(key, book.revision);
		try {
			const row = await this.#ledger.read(readVersionOf, { file: fileId, version });
			if (row && !row.gone) await this.note(row);
		} catch (error) {
			this.#known.delete(key);
			throw error;
		}
	}
}
