import { CodedError } from '../../shared/coded-error.ts';
import type { Ledger } from '../database/ledger.ts';
import { readSeqCursor, writeSeqCursor } from '../database/seq-cursor.ts';
import type { AuditEntry, AuditFilter, AuditRow } from './audit-entry.ts';
import { recordAudit } from './audit-store.ts';
import { CHAIN_START } from './hash-chain.ts';
import { type AuditName, readAuditNames } from './name-store.ts';
import { searchAudit } from './search-store.ts';
import { firstBlankedBy, verifyAuditPage } from './verify-store.ts';

/** Rows that are checked in one read, so that other reads get their turn in between. */
const VERIFIED_AT_ONCE = 5_000;
/** Of an export likewise. */
const EXPORTED_AT_ONCE = 500;

/** `head` is the newest row's hash: whoever keeps a copy elsewhere can prove later that nothing before it was rewritten. */
export type Verdict = { ok: true; rows: number; head: string; blanked: number } | { ok: false; firstBad: number };

/** Who did what, from where, with what outcome; hash-chained, so that a later change of any row shows. */
export class AuditLog {
	readonly #ledger: Ledger;
	/** The check that is under way. */
	#check: { checked: number; of: number } | null = null;

	constructor(options: { ledger: Ledger }) {
		this.#ledger = options.ledger;
	}

	/** For what has no transaction of its own, such as a refusal; changes are recorded by `prepareAudit` with the change. */
	async record(...entries: AuditEntry[]): Promise<void> {
		if (entries.length > 0) await this.#ledger.write(recordAudit, entries);
	}

	/** Newest first. A page can be shorter than its limit and yet have a next one. */
	async list(
		filter: AuditFilter,
		page: { limit: number; cursor?: string | undefined },
	): Promise<{ items: AuditRow[]; nextCursor: string | null }> {
		const before = readSeqCursor(page.cursor);
		const { items, next } = await this.#ledger.read(searchAudit, { filter, before, limit: page.limit });
		return { items, nextCursor: next === null ? null : writeSeqCursor(next) };
	}

	/** The entry of that number. Throws `not-found`. */
	async read(seq: number): Promise<AuditRow> {
		const { items } = await this.list({}, { limit: 1, cursor: writeSeqCursor(seq + 1) });
		const [row] = items;
		if (row?.seq === seq) return row;
		throw new CodedError('not-found', `There is no entry ${seq} in the audit log.`);
	}

	/** What those are called of whom entries tell, or were called when they are gone. */
	async namesIn(rows: readonly AuditRow[]): Promise<ReadonlyMap<string, AuditName>> {
		const ids = new Set(rows.flatMap(({ actor, object }) => [actor, object]));
		return new Map(await this.#ledger.read(readAuditNames, [...ids]));
	}

	/** Every entry, newest first: what is recorded meanwhile is not in it. */
	async *all(filter: AuditFilter, rowsAtOnce = EXPORTED_AT_ONCE): AsyncGenerator<AuditRow> {
		let cursor: string | undefined;
		do {
			const page = await this.list(filter, { limit: rowsAtOnce, cursor });
			yield* page.items;
			cursor = page.nextCursor ?? undefined;
		} while (cursor !== undefined);
	}

	/** How far the check has come that is under way; null: none is. */
	get progress(): { checked: number; of: number } | null {
		return this.#check && { ...this.#check };
	}

	/** Reads the whole log and checks its chain, and that nothing was blanked but by deletions of people. */
	async verify(rowsAtOnce = VERIFIED_AT_ONCE): Promise<Verdict> {
		const check = { checked: 0, of: (await this.list({}, { limit: 1 })).items[0]?.seq ?? 0 };
		this.#check = check;
		try {
			return await this.#verify(rowsAtOnce, check);
		} finally {
			if (this.#check === check) this.#check = null;
		}
	}

	async #verify(rowsAtOnce: number, check: { checked: number }): Promise<Verdict> {
		let seq = 0;
		let hash: Uint8Array = CHAIN_START;
		const blanked = new Map<number, number>();
		const begun = new Set<number>();
		const ended = new Map<number, number>();
		for (;;) {
			const page = await this.#ledger.read(verifyAuditPage, { seq, hash, limit: rowsAtOnce });
			if (page.firstBad !== null) return { ok: false, firstBad: page.firstBad };
			for (const [by, rows] of page.blanked) blanked.set(by, (blanked.get(by) ?? 0) + rows);
			for (const entry of page.begun) begun.add(entry);
			for (const [entry, rows] of page.ended) ended.set(entry, rows);
			({ seq, hash } = page);
			check.checked = seq;
			if (page.done) break;
		}
		let total = 0;
		for (const [by, rows] of blanked) {
			total += rows;
			// A deletion that is under way has not said its number yet.
			if (begun.has(by) && (ended.get(by) ?? rows) === rows) continue;
			return { ok: false, firstBad: (await this.#ledger.read(firstBlankedBy, by)) ?? by };
		}
		return { ok: true, rows: seq, head: Buffer.from(hash).toString('hex'), blanked: total };
	}
}
