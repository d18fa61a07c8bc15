import { CodedError } from '../../shared/coded-error.ts';
import type { Json } from '../../shared/protocol/json.ts';
import { checkWish, type WishKind, wishKindOf } from '../../shared/protocol/schedule-wish.ts';
import type { PreparedWork, Wishes, WishOwner } from './wish.ts';

/** All kinds of wishes: each is made ready by whoever knows its kind. */
export class WishKinds implements Wishes {
	readonly #kinds: Record<WishKind, Wishes>;

	constructor(kinds: Record<WishKind, Wishes>) {
		this.#kinds = kinds;
	}

	async prepare(owner: WishOwner, wish: Json, scheduleSeq: number, now: number): Promise<PreparedWork> {
		const asked = Object(wish) as object;
		// What an earlier release has stored may not be understood any more: that run is refused, and no other waits for it.
		checkWish(asked, (path, message) => {
			const fields = [{ path: path.join('.'), message }];
			throw new CodedError('schedule-invalid', `What it asks for cannot be read: ${path.join('.')}: ${message}.`, {
				fields,
			});
		});
		return this.#kinds[wishKindOf(asked)!].prepare(owner, wish, scheduleSeq, now);
	}
}
