import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Given, SourcesRoom } from '../../test/support/sources-room.ts';
import { SYSTEM } from '../audit/doer.ts';
import { ANY_VERSION } from '../qos/version-condition.ts';

const MONTH_MS = 31 * 86_400_000;
const MOST_AT_A_TIME = 7;

type Act =
	/** So many more things are there, outside. */
	| { act: 'appear'; count: number }
	| { act: 'start' }
	/** What was begun ends well, having read so many of those that it may; said once or twice, or after it was given up. */
	| { act: 'settle'; pages: number; twice: boolean }
	/** Its node dies; it may have read. */
	| { act: 'kill'; mayHaveRead: boolean }
	| { act: 'reset' }
	| { act: 'cap'; most: number | null }
	| { act: 'month' };

const count = fc.integer({ min: 0, max: 12 });
const acts: fc.Arbitrary<Act[]> = fc.array(
	fc.oneof(
		{ weight: 3, arbitrary: count.map((n): Act => ({ act: 'appear', count: n })) },
		{ weight: 6, arbitrary: fc.constant<Act>({ act: 'start' }) },
		{
			weight: 5,
			arbitrary: fc.record({
				act: fc.constant('settle' as const),
				pages: fc.integer({ min: 0, max: 3 }),
				twice: fc.boolean(),
			}),
		},
		{ weight: 2, arbitrary: fc.boolean().map((mayHaveRead): Act => ({ act: 'kill', mayHaveRead })) },
		{ weight: 2, arbitrary: fc.constant<Act>({ act: 'reset' }) },
		{ weight: 1, arbitrary: fc.option(fc.integer({ min: 1, max: 25 })).map((most): Act => ({ act: 'cap', most })) },
		{ weight: 1, arbitrary: fc.constant<Act>({ act: 'month' }) },
	),
	{ minLength: 12, maxLength: 30, size: 'max' },
);

/** A world of numbered things, and what must be true of what a source has gathered of it. */
class History {
	readonly #room: SourcesRoom;
	readonly #id: string;
	#there = 0;
	/** Things of each reading from the beginning, in the order in which they must have come. */
	#gathered: number[] = [];
	/** Where the source must stand. */
	#next = 0;
	#epoch = 0;
	#run: (Given & { epoch: number; isOver: boolean }) | null = null;
	#cap: number | null = 20;

	constructor(room: SourcesRoom, id: string) {
		this.#room = room;
		this.#id = id;
	}

	async do(act: Act): Promise<void> {
		switch (act.act) {
			case 'appear':
				this.#there += act.count;
				return;
			case 'start':
				return this.#start();
			case 'settle':
				return this.#settle(act.pages, act.twice);
			case 'kill':
				if (this.#run && !this.#run.isOver) {
					const said = { state: act.mayHaveRead ? 'lost' : 'failed', reason: 'fetch-status: no' };
					await this.#room.fail(this.#run, 'fetch-status', [said]);
					this.#run.isOver = true;
				}
				return;
			case 'reset':
				await this.#room.sources.reset(this.#id, 'Mills', SYSTEM);
				this.#epoch += 1;
				this.#next = 0;
				return;
			case 'cap': {
				this.#cap = act.most;
				const parameters = { url: 'https://example.org/feed', maxItems: MOST_AT_A_TIME };
				const whole = { name: 'Mills', parameters, secrets: {}, pricePerItem: 0, mostSpendPerMonth: null };
				await this.#room.sources.change(this.#id, { ...whole, mostItemsPerMonth: act.most }, ANY_VERSION, SYSTEM);
				return;
			}
			case 'month':
				this.#room.now += MONTH_MS;
		}
	}

	async #start(): Promise<void> {
		const before = (await this.#room.sources.read(this.#id)).use;
		const isOpen = this.#run !== null && !this.#run.isOver;
		try {
			const run = await this.#room.start(this.#id);
			expect(isOpen).toBe(false);
			expect(run.cursor).toEqual(this.#next === 0 && run.cursor === null ? null : { next: this.#next });
			expect(run.left).toBe(Math.min(MOST_AT_A_TIME, this.#cap === null ? MOST_AT_A_TIME : this.#cap - before.items));
			const { use } = await this.#room.sources.read(this.#id);
			// Whatever happens to it, no more than the cap can come of the month.
			if (this.#cap !== null) expect(use.items + use.reserved).toBeLessThanOrEqual(this.#cap);
			this.#run = { ...run, epoch: this.#epoch, isOver: false };
		} catch (error) {
			if ((error as Error).message === 'it was running already') expect(isOpen).toBe(true);
			else {
				expect(error).toMatchObject({ code: 'source-capped' });
				expect(before.left).toBe(0);
			}
		}
	}

	async #settle(pages: number, twice: boolean): Promise<void> {
		const run = this.#run;
		if (!run) return;
		const from = (run.cursor as { next: number } | null)?.next ?? 0;
		const most = Math.min(run.left ?? Number.POSITIVE_INFINITY, 3 * pages, this.#there - from);
		const things = Array.from({ length: Math.max(0, most) }, (_, i) => from + i);
		const word = { keys: things.map(String), cursor: { next: from + things.length } };
		const { outcome } = await this.#room.settle(run, word);
		expect(outcome !== null).toBe(!run.isOver);
		if (!run.isOver && run.epoch === this.#epoch) {
			this.#gathered.push(...things);
			this.#next = from + things.length;
		}
		run.isOver = true;
		if (twice) expect((await this.#room.settle(run, word)).outcome).toBeNull();
	}

	async check(): Promise<void> {
		expect(await this.#room.keys(this.#id)).toEqual(this.#gathered.map(String));
		// Nothing is reserved by what is over.
		if (this.#run?.isOver !== false) expect((await this.#room.sources.read(this.#id)).use.reserved).toBe(0);
		const reserved = this.#room.jobs.count(`SELECT count(*) FROM source_runs WHERE state = 'open'`);
		expect(reserved).toBe(this.#run?.isOver === false ? 1 : 0);
		const entries = this.#room.jobs.count('SELECT count(*) FROM dataset_entries');
		expect(entries).toBe((await this.#room.sources.read(this.#id)).dataset.version);
	}
}

it('whatever happens to runs, none of what is there is lost or comes twice, and no month exceeds its cap', async () => {
	await using room = await SourcesRoom.open();
	const property = fc.asyncProperty(acts, async (history) => {
		room.clear();
		const parameters = { url: 'https://example.org/feed', maxItems: MOST_AT_A_TIME };
		const { id } = await room.create({ parameters, mostItemsPerMonth: 20 });
		const told = new History(room, id);
		for (const act of history) await told.do(act);
		await told.check();
	});
	await fc.assert(property, { numRuns: 30 });
}, 120_000);
