import type { EveryonesKind, EveryonesThing, ThingState } from '../../shared/protocol/everyones-thing.ts';
import type { Ledger } from '../database/ledger.ts';
import { pageBySeq, readSeqCursor } from '../database/seq-cursor.ts';
import type { EveryonesPage, EveryonesRow } from './everyones-page.ts';

const instant = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** What everybody has made that goes on by itself: for those who oversee it. */
export class EveryonesThings {
	readonly #ledger: Pick<Ledger, 'read'>;
	readonly #pages: Readonly<Record<EveryonesKind, EveryonesPage>>;

	/** `pages`: what each room gives of its own. */
	constructor(ledger: Pick<Ledger, 'read'>, pages: Readonly<Record<EveryonesKind, EveryonesPage>>) {
		this.#ledger = ledger;
		this.#pages = pages;
	}

	/** One page, the newest first. `named`: owners' names may be told. Throws `bad-cursor`. */
	async list(
		kind: EveryonesKind,
		wish: {
			limit: number;
			cursor?: string | undefined;
			text?: string | undefined;
			owner?: string | undefined;
			state?: ThingState | undefined;
		},
		named: boolean,
	): Promise<{ items: EveryonesThing[]; nextCursor: string | null }> {
		const { limit, cursor, text, owner = null, state = null } = wish;
		const rows = await this.#ledger.read(this.#pages[kind], {
			...{ limit, owner, state },
			before: readSeqCursor(cursor),
			text: text === undefined ? null : text.toLowerCase(),
		});
		return pageBySeq(rows, limit, ({ seq: _, createdAt, lastAt, nextAt, ownerName, ...row }: EveryonesRow) => ({
			...row,
			kind,
			ownerName: named ? ownerName : null,
			createdAt: new Date(createdAt).toISOString(),
			lastAt: instant(lastAt),
			nextAt: instant(nextAt),
		}));
	}
}
