import { z } from 'zod';
import { TaskFailure } from '../task-failure.ts';
import type { Page, Post, Search, SearchX } from './search.ts';
import type { XTrouble } from './x-failure.ts';

/** X gives no fewer at a time, and no more. */
const LEAST_PAGE = 10;
const MOST_PAGE = 100;
/** For no longer a slot is held by waiting for X. */
const MOST_WAIT_MS = 60_000;

const id = z.string().regex(/^\d{1,20}$/);

/**
 * Where a topic was left. Posts come newest first, so a pass that is cut short leaves a gap: `until` is its lower end,
 * and `newest` is from where the pass after it goes on.
 */
export const xCursorSchema = z.object({
	/** What it was searched by: another search begins anew. */
	query: z.string().max(600),
	/** All posts up to this one have been read. */
	sinceId: id.nullable(),
	until: id.nullable(),
	newest: id.nullable(),
});
export type XCursor = z.infer<typeof xCursorSchema>;

export interface TopicRead {
	cursor: XCursor;
	posts: Post[];
	more: boolean;
	note: string | null;
}

const isAfter = (a: string, b: string): boolean => BigInt(a) > BigInt(b);
const newer = (a: string | null, b: string): string => (a === null || isAfter(b, a) ? b : a);
const older = (a: string | null, b: string): string => (a === null || isAfter(a, b) ? b : a);

/** A pass over what is new, from the newest post down to where all has been read. */
class Pass {
	readonly posts: Post[] = [];
	note: string | null = null;
	#cursor: XCursor;
	#next: string | null = null;

	constructor(cursor: XCursor) {
		this.#cursor = cursor;
	}

	search(most: number): Search {
		const { query, sinceId, until } = this.#cursor;
		// Where the pages of one pass go on is in the token; the border is for a pass that an earlier run has left.
		return { query, most, sinceId, untilId: until, next: this.#next };
	}

	take({ posts, next }: Page): void {
		const { sinceId, until } = this.#cursor;
		const has = new Set(this.posts.map((post) => post.id));
		for (const post of posts) {
			// Whatever X sends: nothing twice, and nothing that an earlier run had.
			if (has.has(post.id) || (sinceId !== null && !isAfter(post.id, sinceId))) continue;
			if (until !== null && !isAfter(until, post.id)) continue;
			has.add(post.id);
			this.posts.push(post);
		}
		this.#next = next;
	}

	/** X does not search as far back as that border any more; false when there is none, so that it cannot be the reason. */
	forget(border: 'since' | 'until'): boolean {
		const { query, newest } = this.#cursor;
		if (this.#cursor[border === 'since' ? 'sinceId' : 'until'] === null) return false;
		this.note = 'X searches the last seven days only: posts between the last time and then may be missing.';
		this.#cursor =
			border === 'since' ? { ...this.#cursor, sinceId: null } : { query, sinceId: newest, until: null, newest: null };
		this.#next = null;
		return true;
	}

	/** All there was has been read. */
	finished(): XCursor {
		const { query, sinceId } = this.#cursor;
		return { query, sinceId: this.#newest() ?? sinceId, until: null, newest: null };
	}

	/** Something is left below what has been read. */
	left(): XCursor {
		const { query, sinceId, until } = this.#cursor;
		const lowest = this.posts.reduce<string | null>((least, post) => older(least, post.id), until);
		return { query, sinceId, until: lowest, newest: this.#newest() };
	}

	#newest(): string | null {
		return this.posts.reduce<string | null>((most, post) => newer(most, post.id), this.#cursor.newest);
	}
}

const tooOften = (resetAt: number, now: number): TaskFailure =>
	new TaskFailure({
		...{ class: 'transient', code: 'x-too-often', retryAfterMs: Math.max(0, resetAt - now) },
		message: `X has been asked too often with this token; it answers again at ${new Date(resetAt).toISOString()}.`,
	});

/**
 * Reads what is new about a topic, at most so many posts, none twice and none lost whenever it is cut short: what was
 * paid for is kept, and the cursor says where to go on.
 */
export const readTopic = async (
	cursor: XCursor,
	most: number,
	parts: { search: SearchX; wait: (ms: number) => Promise<void>; now?: () => number },
): Promise<TopicRead> => {
	const { search, wait, now = Date.now } = parts;
	const pass = new Pass(cursor);
	const stopped = (note: string | null): TopicRead => ({ cursor: pass.left(), posts: pass.posts, more: true, note });
	for (let hasWaited = false; ; ) {
		const rest = most - pass.posts.length;
		if (rest < LEAST_PAGE) {
			if (pass.posts.length > 0) return stopped(pass.note);
			return stopped(`X gives ${LEAST_PAGE} posts at a time, and only ${rest} may be read now.`);
		}
		const answer: Page | XTrouble = await search(pass.search(Math.min(MOST_PAGE, rest)));
		if (!('kind' in answer)) {
			pass.take(answer);
			if (answer.next === null) return { cursor: pass.finished(), posts: pass.posts, more: false, note: pass.note };
			continue;
		}
		if (answer.kind === 'too-old' && pass.posts.length === 0 && pass.forget(answer.border)) continue;
		if (answer.kind === 'too-often' && !hasWaited && answer.resetAt - now() <= MOST_WAIT_MS) {
			hasWaited = true;
			await wait(Math.max(1_000, answer.resetAt - now()));
			continue;
		}
		const failure =
			answer.kind === 'failed'
				? answer.failure
				: answer.kind === 'too-often'
					? tooOften(answer.resetAt, now())
					: new TaskFailure({
							class: 'permanent',
							code: 'x-query-refused',
							message: 'X does not take where the search was left.',
						});
		if (pass.posts.length === 0) throw failure;
		return stopped(`It ended early: ${failure.message}`);
	}
};
