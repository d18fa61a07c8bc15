import type { NoticeView, ReadNotices } from '../../shared/protocol/notice.ts';
import type { Ledger } from '../database/ledger.ts';
import { pageBySeq, readSeqCursor } from '../database/seq-cursor.ts';
import type { HappeningKind } from '../happenings/happening-store.ts';
import type { Happenings } from '../happenings/happenings.ts';
import { forgetNotices, listNotices, markRead, type NoticeRow, tellNotices } from './notice-store.ts';

const KEPT_MS = 90 * 86_400_000;
/** One person's. */
const MOST_KEPT = 1_000;
const PEOPLE_AT_ONCE = 100;

const TOLD: readonly HappeningKind[] = [
	...(['job.ended', 'task.ended', 'file.unfiled', 'schedule.paused', 'source.stopped', 'budget.told'] as const),
];

/** What people are told without having asked: what failed, what is done, what has paused itself. Each has only one's own. */
export class Notices {
	readonly #ledger: Ledger;

	/** Before the happenings begin. */
	constructor({
		ledger,
		happenings,
		onDeliveries,
	}: { ledger: Ledger; happenings: Happenings; onDeliveries: () => void }) {
		this.#ledger = ledger;
		for (const kind of TOLD) {
			happenings.on(kind, async (page) => {
				if ((await ledger.write(tellNotices, [...page])) > 0) onDeliveries();
			});
		}
	}

	/** Newest first. */
	async list(
		ownerSeq: number,
		page: { limit: number; cursor?: string | undefined; unread?: 'true' | 'false' | undefined },
	): Promise<{ items: NoticeView[]; nextCursor: string | null; unread: number }> {
		const { rows, unread } = await this.#ledger.read(listNotices, {
			ownerSeq,
			before: readSeqCursor(page.cursor),
			onlyUnread: page.unread === 'true',
			limit: page.limit + 1,
		});
		return { ...pageBySeq(rows, page.limit, viewOf), unread };
	}

	/** Answers how many were not read before. */
	markRead(ownerSeq: number, which: ReadNotices): Promise<number> {
		return this.#ledger.write(markRead, { ownerSeq, which, now: Date.now() });
	}

	async forgetOld(now: number): Promise<void> {
		for (let after: number | null = 0; after !== null; ) {
			const from: number = after;
			const args = { before: now - KEPT_MS, kept: MOST_KEPT, after: from, limit: PEOPLE_AT_ONCE };
			after = await this.#ledger.write(forgetNotices, args);
		}
	}
}

const viewOf = ({ seq: _, at, readAt, ...row }: NoticeRow): NoticeView => ({
	...row,
	at: new Date(at).toISOString(),
	readAt: readAt === null ? null : new Date(readAt).toISOString(),
});
