import { CodedError } from '../../shared/coded-error.ts';
import type { ActView, SteerAnswer } from '../../shared/protocol/act.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { readSeqCursor, writeSeqCursor } from '../database/seq-cursor.ts';
import { type ActRow, forgetActs, listActs, readAct, UNDONE } from './act-store.ts';

/** Takes an act back. What has changed since stays as it is and counts as skipped. */
export type Undoer = (act: ActRow, by: Doer) => Promise<SteerAnswer>;

/** Acts are kept so long, and can be undone so long. */
const KEPT_MS = 7 * 86_400_000;

/** What was done to the line, the queues and the nodes, and the way back. Each room hands in how its own acts are undone. */
export class Acts {
	readonly #ledger: Ledger;
	readonly #undoers: ReadonlyMap<string, Undoer>;
	readonly #isRunning: (id: string) => boolean;
	readonly #undoUnderWay: (act: number) => string | null;
	/** Acts whose undo was asked for and not answered yet, so that nobody begins a second one meanwhile. */
	readonly #undoing = new Set<number>();

	constructor(options: {
		ledger: Ledger;
		/** By the verb that they undo. */
		undoers: ReadonlyMap<string, Undoer>;
		/** Whether the act is under way in this process. */
		isRunning: (id: string) => boolean;
		/** The act that takes this one back at the moment, by its row; it may go on long after its caller was answered. */
		undoUnderWay: (act: number) => string | null;
	}) {
		this.#ledger = options.ledger;
		this.#undoers = options.undoers;
		this.#isRunning = options.isRunning;
		this.#undoUnderWay = options.undoUnderWay;
	}

	/** One page, newest first. Throws `bad-cursor`. */
	async list(page: { cursor?: string | undefined; limit: number }) {
		const rows = await this.#ledger.read(listActs, { before: readSeqCursor(page.cursor), limit: page.limit });
		const last = rows.at(-1);
		const isFull = rows.length === page.limit && last !== undefined;
		return { items: rows.map((row) => this.#view(row)), nextCursor: isFull ? writeSeqCursor(last.seq) : null };
	}

	/** Throws `not-found`. */
	async view(id: string): Promise<ActView> {
		return this.#view(await this.#find(id));
	}

	/**
	 * Restores what the act changed. Throws `not-undoable` for what cannot be taken back, and `undo-under-way` for what is
	 * being taken back. An undo that was cut can be begun again: what it put back it leaves alone, and it does the rest.
	 */
	async undo(id: string, by: Doer): Promise<SteerAnswer> {
		const act = await this.#find(id);
		const undoer = this.#undoers.get(act.verb);
		if (!undoer) {
			throw new CodedError('not-undoable', `A ${act.verb} cannot be undone. ${INSTEAD[act.verb] ?? ''}`.trim());
		}
		if (act.undoneAt !== null) throw new CodedError('wrong-state', UNDONE);
		const other = this.#undoUnderWay(act.seq);
		if (other !== null || this.#undoing.has(act.seq)) throw undoUnderWay(other);
		if (this.#isRunning(id)) {
			throw new CodedError('wrong-state', 'The act is still under way. Wait until it is done, then undo it.');
		}
		this.#undoing.add(act.seq);
		try {
			return await undoer(act, by);
		} finally {
			this.#undoing.delete(act.seq);
		}
	}

	/** Forgets acts that are too old to be undone. */
	async forgetOld(now: number): Promise<void> {
		while (await this.#ledger.write(forgetActs, { before: now - KEPT_MS }, { patient: true }));
	}

	async #find(id: string): Promise<ActRow> {
		const act = await this.#ledger.read(readAct, id);
		if (!act) throw new CodedError('not-found', `There is no act ${id}; acts are kept for seven days.`);
		return act;
	}

	#view(row: ActRow): ActView {
		const { id, at, by, verb, object, detail, matched, changed, skipped, finishedAt, undoneAt, undoneBy } = row;
		const isBeingUndone = this.#undoing.has(row.seq) || this.#undoUnderWay(row.seq) !== null;
		const state = finishedAt !== null ? 'done' : this.#isRunning(id) ? 'running' : 'cut';
		return {
			...{ id, by, verb, object, matched, changed, skipped, state },
			at: new Date(at).toISOString(),
			detail: detail as ActView['detail'],
			undoable: this.#undoers.has(verb) && undoneAt === null && state !== 'running' && !isBeingUndone,
			undone: undoneAt === null ? null : { at: new Date(undoneAt).toISOString(), by: undoneBy ?? '' },
		};
	}
}

const undoUnderWay = (id: string | null): CodedError => {
	const what = id === null ? 'Somebody is undoing this act' : `This act is being undone, as act ${id}`;
	return new CodedError(
		'undo-under-way',
		`${what}: nothing was begun a second time. See how far it is under GET /api/v1/admin/acts or with: millrace admin acts`,
	);
};

/** What to do instead of undoing. */
const INSTEAD: Record<string, string> = {
	'tasks.discard': 'The tasks stay with their owners: retry them instead.',
	'queue.purge': 'Retry the cancelled tasks instead.',
	'tasks.retry': 'Cancel the tasks instead.',
	'queue.delete': 'Make the queue again: tasks that wait for it come back into line.',
	'node.drain': 'The agent leaves when it is done: start it again, and uncordon it if it is to work before the time.',
};
