import type { Ledger } from '../database/ledger.ts';
import { readSeqCursor, writeSeqCursor } from '../database/seq-cursor.ts';
import type { AuditEntry, AuditFilter, AuditRow } from './audit-entry.ts';
import { listAudit, recordAudit, verifyAuditPage } from './audit-store.ts';
import { CHAIN_START } from './hash-chain.ts';

/** Rows that are checked in one read, so that other reads get their turn in between. */
const VERIFIED_AT_ONCE = 5_000;

/** `head` is the newest row's hash: whoever keeps a copy elsewhere can prove later that nothing before it was rewritten. */
export type Verdict = { ok: true; rows: number; head: string } | { ok: false; firstBad: number };

/** Who did what, from where, with what outcome; hash-chained, so that a later change of any row shows. */
export class AuditLog {
	readonly #ledger: Ledger;

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
		const { items, next } = await this.#ledger.read(listAudit, { filter, before, limit: page.limit });
		return { items, nextCursor: next === null ? null : writeSeqCursor(next) };
	}

	/** Reads the whole log and checks its chain. */
	async verify(rowsAtOnce = VERIFIED_AT_ONCE): Promise<Verdict> {
		let seq = 0;
		let hash: Uint8Array = CHAIN_START;
		for (;;) {
			const page = await this.#ledger.read(verifyAuditPage, { seq, hash, limit: rowsAtOnce });
			if (page.firstBad !== null) return { ok: false, firstBad: page.firstBad };
			({ seq, hash } = page);
			if (page.done) return { ok: true, rows: seq, head: Buffer.from(hash).toString('hex') };
		}
	}
}
