import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { CHORE_OPERATIONS } from './chore-store.ts';
import { type Chore, Chores } from './chores.ts';

const DAY_MS = 86_400_000;

let folder: TempFolder;
let ledger: TestLedger;
beforeEach(() => {
	vi.useFakeTimers({ now: Date.UTC(2030, 0, 1), toFake: ['setTimeout', 'clearTimeout', 'Date'] });
	folder = new TempFolder();
	ledger = new TestLedger({ file: folder.join('ledger.db'), operations: CHORE_OPERATIONS });
});
afterEach(async () => {
	vi.useRealTimers();
	await ledger[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

const open = async (...chores: Chore[]): Promise<Chores> => {
	const opened = await Chores.open({ chores, ledger, logger: pino({ level: 'silent' }) });
	opened.begin();
	return opened;
};
const chore = (change: Partial<Chore> = {}): Chore => ({
	...{ name: 'mill', what: 'turn the mill', everyMs: DAY_MS, run: async () => 'turned' },
	...change,
});
const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('chores', () => {
	it('tell what they do, how they went and when they come next', async () => {
		await using chores = await open(chore());
		expect(chores.list()).toEqual([
			expect.objectContaining({ name: 'mill', isRunning: false, last: null, nextAt: '2030-01-01T00:00:15.000Z' }),
		]);
		await later(15_000);
		expect(chores.list()[0]).toMatchObject({
			startedAt: '2030-01-01T00:00:15.000Z',
			last: { outcome: 'done', words: 'turned' },
			nextAt: '2030-01-02T00:00:15.000Z',
		});
	});

	it('are never done twice at once, by the clock or by hand', async () => {
		let runs = 0;
		let end = (): void => {};
		const run = () => {
			runs += 1;
			return new Promise<void>((resolve) => {
				end = resolve;
			});
		};
		await using chores = await open(chore({ everyMs: 1_000, run }));
		await later(3_500);
		expect(chores.runNow('mill').isRunning).toBe(true);
		expect(runs).toBe(1);
		end();
		await later(1_000);
		expect(runs).toBe(2);
		end();
		expect(() => chores.runNow('windmill')).toThrow(expect.objectContaining({ code: 'not-found' }));
	});

	it('that fail say why, and a steady one is tried again soon', async () => {
		const run = () => Promise.reject(new Error('the wheel is stuck'));
		await using chores = await open(chore({ run, steady: true }));
		await later(15_000);
		expect(chores.list()[0]).toMatchObject({
			last: { outcome: 'failed', words: 'the wheel is stuck' },
			nextAt: '2030-01-01T00:30:15.000Z',
		});
	});

	it('keep their pace through restarts when they are steady, and tell of the last run', async () => {
		let runs = 0;
		const steady = chore({ steady: true, run: async () => ++runs });
		{
			await using _ = await open(steady);
			await later(20_000);
		}
		expect(runs).toBe(1);
		await using chores = await open(steady);
		expect(chores.list()[0]).toMatchObject({ last: { outcome: 'done' } });
		await later(DAY_MS - 60_000);
		expect(runs, 'not after each start').toBe(1);
		await later(60_000);
		expect(runs).toBe(2);
	});

	it('end with the coordinator: they are told so, and what they throw then is no failure', async () => {
		const run = (signal: AbortSignal) =>
			new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(new Error('ended'))));
		const chores = await open(chore({ run }));
		await later(15_000);
		await chores[Symbol.asyncDispose]();
		expect(chores.list()[0]).toMatchObject({ isRunning: false, last: null });
		await using again = await open(chore());
		expect(again.list()[0]?.last).toBeNull();
	});
});
