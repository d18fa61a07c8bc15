import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TopicMatcher } from '../scheduler/topic-match.ts';
import { bindingOverlaps, overlap } from './binding-overlaps.ts';

/** Every key of up to five words out of three. */
const KEYS: string[] = [];
for (let at = 0, level = ['a', 'b', 'c']; at < 5; at++) {
	KEYS.push(...level);
	level = level.flatMap((key) => ['a', 'b', 'c'].map((word) => `${key}.${word}`));
}
const bindingKey = fc
	.array(fc.constantFrom('a', 'b', '*', '#'), { minLength: 1, maxLength: 4 })
	.map((words) => words.join('.'));

describe('overlap', () => {
	it('agrees with trying every key', () => {
		fc.assert(
			fc.property(bindingKey, bindingKey, (a, b) => {
				const matcher = new TopicMatcher([
					{ queue: 'a', key: a },
					{ queue: 'b', key: b },
				]);
				const found = KEYS.some((key) => new Set(matcher.matches(key).map(({ queue }) => queue)).size === 2);
				// Keys longer than five words are not tried, and two patterns of wild words alone may need the empty one.
				const needsMore = overlap(a, b) && !found;
				expect(overlap(a, b) || !found, `${a} and ${b}`).toBe(true);
				if (needsMore) expect(a.split('.').length + b.split('.').length, `${a} and ${b}`).toBeGreaterThan(5);
				expect(overlap(b, a)).toBe(overlap(a, b));
			}),
			{ numRuns: 300 },
		);
	});

	it.each([
		['normal.#', 'normal.night.*', true],
		['normal.#', 'priority.#', false],
		['#', 'x.y', true],
		['*.x', 'a.*', true],
		['*.x', 'a.y', false],
		['a.#.z', 'a.b.*', true],
		['a', 'a.b', false],
		['a.#', 'a', true],
	])('of %s and %s is %s', (a, b, expected) => expect(overlap(a, b)).toBe(expected));
});

describe('the overlaps of queues', () => {
	it('are told on both sides, with the queue that gets such keys; a queue’s own do not count', () => {
		const { of, whole } = bindingOverlaps([
			{ name: 'normal', bindingKeys: ['normal.#', 'normal.x'] },
			{ name: 'night', bindingKeys: ['normal.night.#'] },
			{ name: 'all', bindingKeys: ['#'] },
		]);
		expect(whole).toBe(true);
		expect(of.get('night')).toEqual([
			{ bindingKey: 'normal.night.#', queue: 'normal', otherBindingKey: 'normal.#', winner: 'night' },
			{ bindingKey: 'normal.night.#', queue: 'all', otherBindingKey: '#', winner: 'night' },
		]);
		expect(of.get('all')?.map(({ queue, winner }) => [queue, winner])).toEqual([
			['normal', 'normal'],
			['normal', 'normal'],
			['night', 'night'],
		]);
	});

	it('are not all looked for when there are too many, and that is said', () => {
		const queues = Array.from({ length: 100 }, (_, i) => ({
			name: `q${i}`,
			bindingKeys: Array.from({ length: 100 }, (_, j) => `#.${i}.${j}.#`),
		}));
		const { of, whole } = bindingOverlaps(queues);
		expect(whole).toBe(false);
		expect(Math.max(...[...of.values()].map((told) => told.length))).toBeLessThanOrEqual(100);
	});
});
