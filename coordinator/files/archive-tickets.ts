import { randomBytes } from 'node:crypto';
import { CodedError } from '../../shared/coded-error.ts';
import type { Ledger } from '../database/ledger.ts';
import { findSelection, readSelectedFiles, type Selection } from './selection-store.ts';
import type { WalkFile, WalkFolder, WalkStep } from './walk-store.ts';

const KEPT_MS = 600_000;
/** Of one person, and of all: the oldest makes room. One holds at most some ten kilobytes. */
const MOST_OF_ONE = 20;
const MOST = 2_000;

interface Ticket {
	ownerSeq: number;
	selection: Selection;
	until: number;
}

/**
 * What people have chosen to download as one archive, since an address has no room for a thousand ids: for ten minutes, for
 * the person who chose it. In memory: after a restart one chooses again.
 */
export class ArchiveTickets {
	readonly #tickets = new Map<string, Ticket>();
	readonly #ledger: Ledger;
	readonly #walkFrom: (ownerSeq: number, starts: readonly WalkFolder[]) => AsyncGenerator<WalkStep>;
	readonly #now: () => number;

	constructor(options: {
		ledger: Ledger;
		walkFrom: (ownerSeq: number, starts: readonly WalkFolder[]) => AsyncGenerator<WalkStep>;
		now?: () => number;
	}) {
		this.#ledger = options.ledger;
		this.#walkFrom = options.walkFrom;
		this.#now = options.now ?? Date.now;
	}

	/** Throws `not-found` for what is not there, or not this person's. */
	async issue(ownerSeq: number, chosen: { files: readonly string[]; folders: readonly string[] }): Promise<string> {
		const selection = await this.#ledger.read(findSelection, { ownerSeq, ...chosen });
		const now = this.#now();
		// In order of their time.
		for (const [id, { until }] of this.#tickets) if (until <= now) this.#tickets.delete(id);
		const own = [...this.#tickets].filter(([, ticket]) => ticket.ownerSeq === ownerSeq);
		const oldest = own.length >= MOST_OF_ONE ? own[0] : this.#tickets.size >= MOST ? [...this.#tickets][0] : undefined;
		if (oldest) this.#tickets.delete(oldest[0]);
		const id = randomBytes(16).toString('hex');
		this.#tickets.set(id, { ownerSeq, selection, until: now + KEPT_MS });
		return id;
	}

	/** What was chosen, as it is now: files by themselves, folders with all that is in them. Throws `not-found`. */
	async *walk(ownerSeq: number, id: string): AsyncGenerator<WalkStep> {
		const ticket = this.#tickets.get(id);
		if (ticket?.ownerSeq !== ownerSeq || ticket.until <= this.#now()) {
			throw new CodedError('not-found', 'This choice is not known any more: choose the files again.');
		}
		const { selection } = ticket;
		const files: WalkFile[] = await this.#ledger.read(readSelectedFiles, { ownerSeq, selection });
		for (const file of files) yield { folder: '', file };
		// One after the other, so that two of the same name are kept apart by whoever names them.
		const starts = selection.folders.map(({ seq, name }) => ({ seq, path: name }));
		yield* this.#walkFrom(ownerSeq, starts);
	}
}
