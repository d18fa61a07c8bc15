import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type WhatIfInput, whatIfSchema } from '../../shared/protocol/what-if.ts';
import { limitSentences } from './limit-sentences.ts';
import { MOST_MS, MOST_TASKS } from './what-ifs.ts';

const DOCUMENT = readFileSync(new URL('../../docs/what-if.md', import.meta.url), 'utf8');
const told = (n: number): string => n.toLocaleString('en');

const many = <T>(n: number, one: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => one(i));
const isTaken = (wish: Partial<WhatIfInput>): boolean =>
	whatIfSchema.safeParse({ from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z', ...wish }).success;
const added = { count: 1, concurrency: 1, queues: ['q'] };
const of = (fleet: WhatIfInput['fleet']): Partial<WhatIfInput> => ({ fleet });

it.each<[row: string, most: number, wish: (n: number) => Partial<WhatIfInput>]>([
	['| changed classes | N |', 100, (n) => ({ classes: Object.fromEntries(many(n, (i) => [`c${i}`, {}])) })],
	['| changed queues | N, each', 100, (n) => ({ queues: many(n, (i) => ({ name: `q${i}`, bindingKeys: ['a'] })) })],
	['1 to N binding keys |', 100, (n) => ({ queues: [{ name: 'q', bindingKeys: many(n, (i) => `a${i}`) }] })],
	['(`fleet.add`) | N, each', 20, (n) => of({ add: many(n, () => added) })],
	['each of N nodes', 10_000, (count) => of({ add: [{ ...added, count }] })],
	['nodes with N slots', 1_024, (concurrency) => of({ add: [{ ...added, concurrency }] })],
	['slots and N queues at most', 100, (n) => of({ add: [{ ...added, queues: many(n, (i) => `q${i}`) }] })],
	['(`fleet.remove`) | N |', 1_000, (n) => of({ remove: many(n, (i) => `n${i}`) })],
])('tells in docs/what-if.md how much is taken: %s', (row, most, wish) => {
	expect([isTaken(wish(most)), isTaken(wish(most + 1))]).toEqual([true, false]);
	expect(DOCUMENT).toContain(row.replace('N', told(most)));
});

it('tells how long and how large a period may be', () => {
	expect(DOCUMENT).toContain(`| tasks in that time | ${told(MOST_TASKS)} (`);
	expect(DOCUMENT).toContain(`| time to work it out | ${MOST_MS / 1_000} seconds,`);
});

it('quotes a limit sentence as it is said, and from which share on', () => {
	const shares = (rate: number) => new Map([['lab', { running: 0, rate, person: 0 }]]);
	const [sentence] = limitSentences(shares(0.64), shares(0.62));
	expect(DOCUMENT).toContain(`*${sentence}*`);
	expect(DOCUMENT).toContain('at least 10 % of the waiting');
	expect([0.1, 0.0999].map((share) => limitSentences(shares(0), shares(share)).length)).toEqual([1, 0]);
});
