import { expect, it } from 'vitest';
import type { Ledger } from '../database/ledger.ts';
import { plainClass } from '../scheduler/service-class.ts';
import { withStartsBefore } from './remember-starts.ts';
import type { StartRow } from './start-store.ts';

const NOW = 1_800_000_000_000;
const CLOCK = 500;
const rated = (id: string, perMinute: number, burst: number) => ({ ...plainClass(id), starts: { perMinute, burst } });

const paid = async (starts: StartRow[], rules = [rated('lab', 60, 5), plainClass('standard')]) => {
	const ledger = { read: async () => starts } as unknown as Pick<Ledger, 'read'>;
	const classOf = (owner: number, asked: string | null) => asked ?? (owner === 1 ? 'lab' : 'standard');
	const found = await withStartsBefore(rules, { ledger, classOf, now: NOW, clock: CLOCK });
	return found.map(({ startsPaidUntil }) => startsPaidUntil ?? null);
};
const start = (msAgo: number, ownerSeq = 1, asked: string | null = null): StartRow => {
	return { ownerSeq, asked, at: NOW - msAgo };
};

it('counts the starts of each class with a rate, by the scheduler’s clock', async () => {
	expect(await paid([])).toEqual([null, null]);
	expect(await paid([start(300), start(200), start(0)])).toEqual([CLOCK + 2_700, null]);
	expect(await paid([start(300, 2), start(200, 2, 'lab')]), 'by the class that counts').toEqual([CLOCK + 800, null]);
	expect(await paid([start(90_000), start(60_000)]), 'their time is over').toEqual([null, null]);
	expect(await paid([start(-3_600_000)]), 'the clock was set back').toEqual([CLOCK + 1_000, null]);
});

it('reads nothing where no class has a rate', async () => {
	const ledger = { read: () => Promise.reject(new Error('read')) } as unknown as Pick<Ledger, 'read'>;
	const rules = [plainClass('a')];
	const found = await withStartsBefore(rules, { ledger, classOf: () => 'a', now: NOW, clock: CLOCK });
	expect(found).toEqual(rules);
});
