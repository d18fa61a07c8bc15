import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Binding, TopicMatcher } from './topic-match.ts';
import { TopicRoutes } from './topic-routes.ts';

/** Slow and obvious: the AMQP rules as a recursion over words. */
const naiveMatch = (pattern: string[], key: string[]): boolean => {
	const [word, ...rest] = pattern;
	if (word === undefined) return key.length === 0;
	if (word === '#') return naiveMatch(rest, key) || (key.length > 0 && naiveMatch(pattern, key.slice(1)));
	return key.length > 0 && (word === '*' || word === key[0]) && naiveMatch(rest, key.slice(1));
};

/** Slow and obvious: turns a binding into text that sorts as the rule says. */
const naiveRank = ({ queue, key }: Binding): string => {
	const marks = key.split('.').map((word) => (word === '#' ? 'c' : word === '*' ? 'b' : 'a'));
	return `${marks.join('')}~ ${queue}`; // '~' sorts after the marks, so the longer of two equal starts comes first
};

const word = fc.constantFrom('a', 'b', 'cc');
const key = fc.array(word, { minLength: 1, maxLength: 6 });
const pattern = fc.array(fc.oneof(word, fc.constantFrom('*', '#', '#')), { minLength: 1, maxLength: 6 });
const bindings = fc.array(
	fc.record({ queue: fc.constantFrom('p', 'q', 'r', 's'), key: pattern.map((words) => words.join('.')) }),
	{ maxLength: 12 },
);

const one = (binding: string, routingKey: string): boolean =>
	new TopicMatcher([{ queue: 'q', key: binding }]).matches(routingKey).length > 0;

describe('TopicMatcher', () => {
	it('takes * as exactly one word and # as any number of words, none included', () => {
		expect(one('normal.*', 'normal.thumbnail')).toBe(true);
		expect(one('normal.*', 'normal')).toBe(false);
		expect(one('normal.*', 'normal.a.b')).toBe(false);
		expect(one('normal.#', 'normal')).toBe(true);
		expect(one('normal.#', 'normal.a.b')).toBe(true);
		expect(one('normal.#', 'normally')).toBe(false);
		expect(one('#.a.#.b', 'x.a.b')).toBe(true);
		expect(one('#.a.#.b', 'a.b.c')).toBe(false);
	});

	it('agrees with a slow oracle on every binding of every queue', () => {
		fc.assert(
			fc.property(bindings, key, (all, words) => {
				const found = new TopicMatcher(all).matches(words.join('.'));
				const expected = all.filter((binding) => naiveMatch(binding.key.split('.'), words));
				const text = ({ queue, key }: Binding): string => `${queue} ${key}`;
				expect(found.map(text).sort()).toEqual(expected.map(text).sort());
			}),
			{ numRuns: 3_000 },
		);
	});

	it('is not slowed by patterns of many #', () => {
		const greedy = Array.from({ length: 60 }, () => '#.a').join('.');
		expect(one(`${greedy}.b`, Array.from({ length: 120 }, () => 'a').join('.'))).toBe(false);
	});
});

describe('TopicRoutes', () => {
	const routed = (routingKey: string, ...all: [queue: string, key: string][]): string | null => {
		const routes = new TopicRoutes();
		routes.setBindings(all.map(([queue, key]) => ({ queue, key })));
		return routes.route(routingKey);
	};

	it('prefers a literal word to * and * to #, word by word', () => {
		expect(routed('a.b', ['q', 'a.*'], ['r', 'a.b'])).toBe('r');
		expect(routed('a.b', ['q', 'a.#'], ['r', 'a.*'])).toBe('r');
		expect(routed('a.b', ['q', '*.b'], ['r', 'a.#'])).toBe('r');
	});

	it('then prefers more words, then the queue name', () => {
		expect(routed('a', ['q', 'a'], ['r', 'a.#'])).toBe('r');
		expect(routed('a.b', ['r', 'a.*'], ['q', 'a.*'])).toBe('q');
	});

	it('answers null for a key that reaches no queue', () => {
		expect(routed('a.b', ['q', 'b.#'])).toBeNull();
		expect(routed('a')).toBeNull();
	});

	it('goes to the most specific match whatever order the bindings came in', () => {
		fc.assert(
			fc.property(bindings, key, (all, words) => {
				const matching = all.filter((binding) => naiveMatch(binding.key.split('.'), words));
				const best = matching.sort((a, b) => (naiveRank(a) < naiveRank(b) ? -1 : 1))[0];
				const routes = new TopicRoutes();
				routes.setBindings(all);
				expect(routes.route(words.join('.'))).toBe(best?.queue ?? null);
			}),
			{ numRuns: 2_000 },
		);
	});

	it('forgets cached routes when a binding changes, and only then', () => {
		const routes = new TopicRoutes();
		expect(routes.setBindings([{ queue: 'q', key: 'a.#' }])).toBe(true);
		expect(routes.route('a.b')).toBe('q');
		expect(routes.setBindings([{ queue: 'q', key: 'a.#' }])).toBe(false);
		expect(routes.setBindings([{ queue: 'r', key: 'a.#' }])).toBe(true);
		expect(routes.route('a.b')).toBe('r');
	});

	it('stays right past the bound of its cache', () => {
		const routes = new TopicRoutes();
		routes.setBindings([{ queue: 'q', key: 'a.*' }]);
		for (let i = 0; i < 12_000; i += 1) expect(routes.route(`a.${i}`)).toBe('q');
		expect(routes.route('a.0')).toBe('q');
		expect(routes.route('b.0')).toBeNull();
	});
});
