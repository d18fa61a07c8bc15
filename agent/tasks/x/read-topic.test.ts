import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TaskFailure } from '../task-failure.ts';
import { readTopic, type TopicRead, type XCursor } from './read-topic.ts';
import type { Post, SearchX } from './search.ts';
import type { XTrouble } from './x-failure.ts';

const NOW = 1_800_000_000_000;
const START: XCursor = { query: 'mills', sinceId: null, until: null, newest: null };
const post = (id: number): Post => ({ id: String(id), at: null, text: '', language: null, author: null, metrics: {} });

/** X as it should be: newest first, above one border and below the other, a page at a time. */
const searchOf =
	(posts: ReadonlySet<number>, instead: (XTrouble | null)[] = []): SearchX =>
	async ({ most, sinceId, untilId, next }) => {
		const trouble = instead.shift();
		if (trouble) return trouble;
		const below = Number(next ?? untilId ?? Number.MAX_SAFE_INTEGER);
		const found = [...posts].filter((id) => id > Number(sinceId ?? 0) && id < below).sort((a, b) => b - a);
		const page = found.slice(0, most);
		return { posts: page.map(post), next: found.length > page.length ? String(page.at(-1)) : null };
	};
const read = (cursor: XCursor, most: number, search: SearchX) =>
	readTopic(cursor, most, { search, wait: async () => {}, now: () => NOW });
const ids = ({ posts }: TopicRead) => posts.map(({ id }) => Number(id));
const upTo = (n: number) => new Set(Array.from({ length: n }, (_, i) => i + 1));
const broken = (): XTrouble => ({
	kind: 'failed',
	failure: new TaskFailure({ class: 'transient', code: 'x-unavailable', message: 'X answered with status 503.' }),
});

describe('a topic of X', () => {
	it('is read from the newest post to where one was, over pages and runs', async () => {
		const first = await read(START, 1000, searchOf(upTo(250)));
		expect(ids(first)).toEqual([...upTo(250)].reverse());
		expect(first).toMatchObject({ more: false, note: null, cursor: { sinceId: '250', until: null, newest: null } });
		const second = await read(first.cursor, 1000, searchOf(upTo(253)));
		expect(ids(second)).toEqual([253, 252, 251]);
		const none = await read(second.cursor, 1000, searchOf(upTo(253)));
		expect(none).toMatchObject({ posts: [], more: false, cursor: second.cursor });
	});

	it('that was cut short goes on below, and then above', async () => {
		const first = await read(START, 20, searchOf(upTo(50)));
		expect(ids(first)).toEqual([...upTo(50)].reverse().slice(0, 20));
		expect(first).toMatchObject({ more: true, cursor: { sinceId: null, until: '31', newest: '50' } });
		const second = await read(first.cursor, 100, searchOf(upTo(60)));
		expect(ids(second)).toEqual([...upTo(30)].reverse());
		expect(second.cursor).toMatchObject({ sinceId: '50', until: null });
		expect(ids(await read(second.cursor, 100, searchOf(upTo(60))))).toEqual([60, 59, 58, 57, 56, 55, 54, 53, 52, 51]);
	});

	it('loses no post and gives none twice, however it is cut, while new ones come', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(
					fc.record({
						arriving: fc.nat(60),
						most: fc.integer({ min: 0, max: 130 }),
						failing: fc.array(fc.boolean(), { maxLength: 4 }),
					}),
					{ minLength: 1, maxLength: 12 },
				),
				async (runs) => {
					const there = new Set<number>();
					const got: number[] = [];
					let cursor = START;
					const once = async (most: number, failing: readonly boolean[]) => {
						const instead = failing.map((fails) => (fails ? broken() : null));
						try {
							const answer = await read(cursor, most, searchOf(there, instead));
							expect(answer.posts.length).toBeLessThanOrEqual(most);
							got.push(...ids(answer));
							// As it is kept: a cursor is JSON from here on.
							cursor = JSON.parse(JSON.stringify(answer.cursor)) as XCursor;
							return answer.more;
						} catch (error) {
							expect(error).toBeInstanceOf(TaskFailure);
							return true;
						}
					};
					for (const { arriving, most, failing } of runs) {
						for (let i = 0; i < arriving; i++) there.add(there.size + 1);
						await once(most, failing);
					}
					for (let i = 0; i < 20 && (await once(1000, [])); i++);
					await once(1000, []);
					expect(got.sort((a, b) => a - b)).toEqual([...there]);
				},
			),
			{ numRuns: 200 },
		);
	});

	it('is not asked when fewer may be read than X gives, and never beyond what may', async () => {
		const answer = await read(START, 9, searchOf(upTo(50)));
		expect(answer).toMatchObject({ posts: [], more: true, cursor: START, note: expect.stringContaining('only 9') });
		expect(ids(await read(START, 25, searchOf(upTo(50))))).toHaveLength(25);
	});

	it('waits for X when that is soon, once, and else keeps what was paid for or says when', async () => {
		const waits: number[] = [];
		const wait = async (ms: number) => void waits.push(ms);
		const soon: XTrouble = { kind: 'too-often', resetAt: NOW + 20_000 };
		const late: XTrouble = { kind: 'too-often', resetAt: NOW + 800_000 };
		const parts = (instead: (XTrouble | null)[]) => ({ search: searchOf(upTo(150), instead), wait, now: () => NOW });
		expect(ids(await readTopic(START, 1000, parts([soon])))).toHaveLength(150);
		expect(waits).toEqual([20_000]);
		const cut = await readTopic(START, 1000, parts([null, late]));
		expect(cut).toMatchObject({
			more: true,
			note: expect.stringContaining('asked too often'),
			cursor: { until: '51' },
		});
		await expect(readTopic(START, 1000, parts([late]))).rejects.toMatchObject({
			failure: { class: 'transient', code: 'x-too-often', retryAfterMs: 800_000 },
		});
		await expect(readTopic(START, 1000, parts([soon, soon]))).rejects.toMatchObject({
			failure: { code: 'x-too-often', retryAfterMs: 20_000 },
		});
	});

	it('that was left too long ago begins where X still searches, and says what may be missing', async () => {
		const old = (border: 'since' | 'until'): XTrouble => ({ kind: 'too-old', border });
		const since = await read({ ...START, sinceId: '5' }, 1000, searchOf(upTo(20), [old('since')]));
		expect(ids(since)).toHaveLength(20);
		expect(since).toMatchObject({ note: expect.stringContaining('may be missing'), cursor: { sinceId: '20' } });
		const cut = { ...START, sinceId: '5', until: '8', newest: '15' };
		const until = await read(cut, 1000, searchOf(upTo(20), [old('until')]));
		expect(ids(until)).toEqual([20, 19, 18, 17, 16]);
		// The lower border only: what lies between is still to be had.
		const both = await read(cut, 1000, searchOf(upTo(20), [old('since')]));
		expect(ids(both)).toEqual([7, 6, 5, 4, 3, 2, 1]);
		expect(both.cursor.sinceId).toBe('15');
		await expect(read(START, 1000, searchOf(upTo(20), [old('since')]))).rejects.toMatchObject({
			failure: { code: 'x-query-refused' },
		});
	});

	it('believes nothing twice, whatever X sends', async () => {
		const again: SearchX = async ({ next }) => ({
			posts: [post(7), post(7), post(3)],
			next: next === null ? 'x' : null,
		});
		expect(ids(await read({ ...START, sinceId: '5' }, 1000, again))).toEqual([7]);
	});
});
