import type { Ledger } from '../database/ledger.ts';
import type { Happening } from '../happenings/happening-store.ts';
import type { TaskQueue } from '../queue/task-queue.ts';
import { readFiled } from './filed-store.ts';
import type { Planner } from './planner.ts';
import { Refire } from './refire.ts';
import { dropHappenings, endWaits, type Resolved, readVersion, readWaiting } from './refire-store.ts';
import { byBook } from './replan.ts';
import type { TriggerBooks } from './trigger-book.ts';

/** Happenings at once: their transactions share a commit. */
const AT_ONCE = 50;

/**
 * What triggers do about files later than at the upload: when a file's type has become known, and when a result was
 * filed. Each is done exactly once: the transaction that does it deletes the happening that it follows from.
 */
export class Followers {
	readonly #ledger: Ledger;
	readonly #queue: Pick<TaskQueue, 'accepted'>;
	readonly #books: TriggerBooks;
	readonly #planner: Planner;
	readonly #refire: Refire;

	constructor(options: { ledger: Ledger; queue: Pick<TaskQueue, 'accepted'>; books: TriggerBooks; planner: Planner }) {
		this.#ledger = options.ledger;
		this.#queue = options.queue;
		this.#books = options.books;
		this.#planner = options.planner;
		this.#refire = new Refire(options);
	}

	/** The tasks that find out types have ended: `trigger.typed`. */
	typed(happenings: readonly Happening[]): Promise<void> {
		return eachOf(happenings, (one) => this.#typed(one));
	}

	/** Results have become files: `file.filed`. */
	filed(happenings: readonly Happening[]): Promise<void> {
		return eachOf(happenings, (one) => this.#filed(one));
	}

	async #typed({ seq: happening, ref, detail }: Happening): Promise<void> {
		const args = { fileSeq: ref ?? 0, version: Number(detail) };
		const version = await this.#ledger.read(readWaiting, args);
		// Gone, done by an earlier one, or another task still seeks.
		const isOver = !version || version.waiting.length === 0 || (version.mediaType === null && version.isSought);
		if (isOver) return void (await this.#ledger.write(dropHappenings, [happening]));
		const { ownerSeq, mediaType, waiting, gone } = version;
		const now = Date.now();
		const giveUp = gone
			? 'The file was put into the trash.'
			: mediaType === null
				? 'Its type could not be found.'
				: null;
		const done = await byBook(this.#books, ownerSeq, (book) => {
			const resolved = waiting.map((firing): Resolved => {
				if (giveUp !== null || mediaType === null) return { firing, planned: null, reason: giveUp };
				const planned = this.#planner.typed(ownerSeq, book, firing, mediaType);
				return typeof planned === 'string'
					? { firing, planned: null, reason: planned }
					: { firing, planned, reason: null };
			});
			return this.#ledger.write(endWaits, { happening, revision: book.revision, version, resolved, now });
		});
		if (done !== 'done-before') this.#queue.accepted(done.submitted, done.tasks, now);
	}

	async #filed(one: Happening): Promise<void> {
		const filed = readFiled(one);
		const version = filed && (await this.#ledger.read(readVersion, { fileSeq: filed.fileSeq, version: filed.version }));
		if (!filed || !version || version.gone) return void (await this.#ledger.write(dropHappenings, [one.seq]));
		const { ownerSeq, input } = version;
		const { event, lineage, isSniffed } = filed;
		const file = { ownerSeq, input, event, lineage, isSniffed, isResult: true };
		const mediaType = version.mediaType ?? filed.mediaType;
		await this.#refire.one(one.seq, file, { mediaType });
	}
}

/** All are tried, so that one that fails holds up no other; the first failure is thrown, and those left come again. */
export const eachOf = async (
	happenings: readonly Happening[],
	follow: (one: Happening) => Promise<void>,
): Promise<void> => {
	for (let at = 0; at < happenings.length; at += AT_ONCE) {
		const done = await Promise.allSettled(happenings.slice(at, at + AT_ONCE).map(follow));
		const failed = done.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined;
		if (failed) throw failed.reason;
	}
};
