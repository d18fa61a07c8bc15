import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TopicMatcher } from '../scheduler/topic-match.ts';
import { overlap } from './key-overlap.ts';

/** All keys of up to six words out of three. */
const KEYS: string[] = [];
const grow = (keys: readonly string[]): string[] =>
	keys.flatMap((key) => ['a', 'b', 'c'].map((word) => `${key}.${word}`));
let last = ['a', 'b', 'c'];
for (let words = 1; words <= 6; words += 1) {
	KEYS.push(...last);
	last = grow(last);
}

test('two patterns overlap exactly when some routing key matches both', () => {
	const pattern = fc
		.array(fc.constantFrom('a', 'b', '*', '#'), { minLength: 1, maxLength: 3 })
		.map((words) => words.join('.'));
	fc.assert(
		fc.property(pattern, pattern, (a, b) => {
			const matcher = new TopicMatcher([
				{ queue: 'a', key: a },
				{ queue: 'b', key: b },
			]);
			const found = KEYS.some((key) => new Set(matcher.matches(key).map(({ queue }) => queue)).size === 2);
			expect(overlap(a, b)).toBe(found);
		}),
		{ numRuns: 500 },
	);
});
