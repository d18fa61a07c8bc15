import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Ledger } from '../database/ledger.ts';
import type { Logger } from '../report/logger.ts';
import { Heap } from '../scheduler/heap.ts';
import type { Fired } from './fire-store.ts';
import type { Due } from './launcher.ts';
import { nextTime } from './next-time.ts';
import { ruleOf, type ScheduleRow } from './schedule-row.ts';
import type { ScheduleRule } from './schedule-rule.ts';
import { readActiveSchedules } from './schedule-store.ts';

/** The wall clock is read anew so often: it may have been set. */
const LONGEST_SLEEP_MS = 30_000;
/** Fired in one go; the event loop gets a turn after each. */
const AT_ONCE = 200;
/** How long times are worked out beforehand before others get a turn. */
const AHEAD_MS = 5;
const RETRY_MS = 1_000;
const PAGE = 2_000;

interface Entry {
	seq: number;
	version: number;
	rule: ScheduleRule;
	dueAt: number;
	/** The time after that; undefined until it is worked out. */
	followAt: number | null | undefined;
}

/**
 * Knows when the next schedule is due, and lets those run whose time has come. The time after the next is worked out
 * beforehand, while nothing is due, as that takes longer than all else of a tick. The ledger is the truth: what is here
 * is only a hint when to look, and a wrong one does no harm.
 */
export class Ticker implements AsyncDisposable {
	readonly #ledger: Ledger;
	readonly #logger: Logger;
	readonly #fire: (due: readonly Due[], now: number) => Promise<Map<number, Fired>>;
	readonly #now: () => number;
	readonly #entries = new Map<number, Entry>();
	/** Entries that were replaced stay until their turn, and are passed over then. */
	readonly #heap = new Heap<Entry>((a, b) => a.dueAt < b.dueAt);
	readonly #unknown: Entry[] = [];
	#timer: NodeJS.Timeout | null = null;
	#ticking: Promise<void> | null = null;
	#thinking: Promise<void> | null = null;
	/** Nothing is tried before: the last try failed. */
	#notBefore = 0;
	#isClosed = false;

	constructor(options: {
		ledger: Ledger;
		logger: Logger;
		fire: (due: readonly Due[], now: number) => Promise<Map<number, Fired>>;
		now: () => number;
	}) {
		this.#ledger = options.ledger;
		this.#logger = options.logger;
		this.#fire = options.fire;
		this.#now = options.now;
	}

	/** Takes what the ledger has, and begins. */
	async load(): Promise<void> {
		for (let after = 0; ; ) {
			const rows = await this.#ledger.read(readActiveSchedules, { after, limit: PAGE });
			for (const row of rows) this.set(row);
			if (rows.length < PAGE) break;
			after = rows.at(-1)!.seq;
		}
		this.wake();
	}

	/** A schedule was made or changed. An older row than the one that is here is passed over. */
	set(row: ScheduleRow): void {
		const there = this.#entries.get(row.seq);
		if (there && there.version > row.version) return;
		if (row.nextAt === null) this.#entries.delete(row.seq);
		else this.#put({ seq: row.seq, version: row.version, rule: ruleOf(row), dueAt: row.nextAt, followAt: undefined });
	}

	remove(seq: number): void {
		this.#entries.delete(seq);
	}

	/** A schedule stands so now; null: it waits for no time. */
	stands({ seq, version, nextAt }: { seq: number; version: number; nextAt: number | null }): void {
		const entry = this.#entries.get(seq);
		if (entry && entry.version <= version && nextAt === null) this.#entries.delete(seq);
	}

	/** When the next one is due; null when none is. */
	get nextDueAt(): number | null {
		return this.#first()?.dueAt ?? null;
	}

	get size(): number {
		return this.#entries.size;
	}

	/** Looks now what is due. */
	wake(): void {
		if (this.#isClosed) return;
		this.#ticking ??= this.#tick().finally(() => {
			this.#ticking = null;
			this.#arm();
		});
	}

	/** Until what is due now has run and what can be known beforehand is known. For tests. */
	async settled(): Promise<void> {
		while (this.#ticking || this.#thinking) {
			await this.#ticking;
			await this.#thinking;
		}
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#isClosed = true;
		if (this.#timer !== null) clearTimeout(this.#timer);
		await this.#ticking;
		await this.#thinking;
	}

	#put(entry: Entry): void {
		this.#entries.set(entry.seq, entry);
		this.#heap.push(entry);
		this.#unknown.push(entry);
		this.#thinking ??= this.#think().finally(() => {
			this.#thinking = null;
		});
		this.#arm();
	}

	#first(): Entry | undefined {
		for (let entry = this.#heap.peek(); entry; entry = this.#heap.peek()) {
			if (this.#entries.get(entry.seq) === entry) return entry;
			this.#heap.pop();
		}
		return undefined;
	}

	#arm(): void {
		if (this.#isClosed || this.#ticking) return;
		if (this.#timer !== null) clearTimeout(this.#timer);
		this.#timer = null;
		const next = this.nextDueAt;
		if (next === null) return;
		const wait = Math.max(next - this.#now(), this.#notBefore - performance.now(), 0);
		this.#timer = setTimeout(() => this.wake(), Math.min(Math.ceil(wait), LONGEST_SLEEP_MS));
	}

	async #tick(): Promise<void> {
		// Whoever wakes it must be able to go on first.
		await nextTurn();
		while (!this.#isClosed && performance.now() >= this.#notBefore) {
			const now = this.#now();
			const due = this.#takeDue(now);
			if (due.length === 0) return;
			await this.#run(due, now);
		}
	}

	#takeDue(now: number): Entry[] {
		const due: Entry[] = [];
		for (let entry = this.#first(); entry && entry.dueAt <= now && due.length < AT_ONCE; entry = this.#first()) {
			this.#heap.pop();
			due.push(entry);
		}
		return due;
	}

	async #run(due: readonly Entry[], now: number): Promise<void> {
		let fired: Map<number, Fired>;
		try {
			fired = await this.#fire(
				due.map(({ seq, version, dueAt, followAt }) => ({ seq, version, nominalAt: dueAt, followAt })),
				now,
			);
		} catch (error) {
			if (this.#isClosed) return;
			this.#logger.error({ err: error, schedules: due.length }, 'schedules could not be run; trying again in a second');
			this.#notBefore = performance.now() + RETRY_MS;
			for (const entry of due) if (this.#entries.get(entry.seq) === entry) this.#heap.push(entry);
			return;
		}
		for (const entry of due) {
			// Changed meanwhile: the newer one is in the heap already.
			if (this.#entries.get(entry.seq) !== entry) continue;
			const stand = fired.get(entry.seq);
			if (!stand || stand.nextAt === null || stand.version !== entry.version) this.#entries.delete(entry.seq);
			else this.#put({ ...entry, dueAt: stand.nextAt, followAt: undefined });
		}
	}

	/** Undefined when it cannot be worked out, as its zone may have gone with an update: its tick then judges that. */
	#timeAfter({ rule, dueAt, seq }: Entry): number | null | undefined {
		try {
			return nextTime(rule, dueAt);
		} catch (error) {
			this.#logger.warn({ err: error, schedule: seq }, 'the next time of a schedule could not be worked out');
			return undefined;
		}
	}

	/** Works out times beforehand, a little at a time. */
	async #think(): Promise<void> {
		while (!this.#isClosed) {
			await nextTurn();
			const until = performance.now() + AHEAD_MS;
			while (performance.now() < until) {
				const entry = this.#unknown.pop();
				if (!entry) return;
				if (this.#entries.get(entry.seq) === entry) entry.followAt = this.#timeAfter(entry);
			}
		}
	}
}
