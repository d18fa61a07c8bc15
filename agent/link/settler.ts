import type { AttemptRef, SettleAnswer, Settlement, SettleRefusal } from '../../shared/protocol/agent-link.ts';
import { MAX_SETTLEMENT_BYTES } from '../../shared/protocol/settlement-bounds.ts';
import { readSettleAnswer } from './answers.ts';
import type { LinkLog } from './coordinator-link.ts';
import type { SettleSpool } from './settle-spool.ts';

/** A message stays well below what the coordinator takes on this socket (256 KiB). */
const MESSAGE_BYTES = 160 * 1024;
const MESSAGE_ITEMS = 500;
/** Work shorter than this is sooner done again than written down... */
const LIGHT_MS = 100;
/** ...unless its acknowledgement takes longer than this. */
const SPOOL_AFTER_MS = 30;

interface Entry {
	settlement: Settlement;
	/** Its number in the spool; 0 while it is not there. */
	number: number;
	/** Waits for its turn or its answer. */
	state: 'queued' | 'sent';
}

/**
 * Sends settlements until each is acknowledged, over lost links and restarts; what one turn brings travels together.
 * They are on disk meanwhile. Those of short tasks get there only when the acknowledgement does not come at once: should
 * the agent die within that moment, the coordinator has them already or has the task run again.
 */
export class Settler {
	readonly #spool: SettleSpool;
	readonly #send: (items: Settlement[]) => Promise<SettleAnswer>;
	readonly #isReady: () => boolean;
	readonly #log: LinkLog;
	/** By attempt token. */
	readonly #entries = new Map<string, Entry>();
	#queue: Entry[] = [];
	/** Sent and not on disk. */
	#unspooled = new Set<Entry>();
	#spoolTimer: NodeJS.Timeout | null = null;
	#isScheduled = false;
	readonly #timers = new Set<NodeJS.Timeout>();
	#onEmpty: (() => void)[] = [];

	constructor(options: {
		spool: SettleSpool;
		kept: ReadonlyMap<number, Settlement>;
		send: (items: Settlement[]) => Promise<SettleAnswer>;
		isReady: () => boolean;
		log: LinkLog;
	}) {
		this.#spool = options.spool;
		this.#send = options.send;
		this.#isReady = options.isReady;
		this.#log = options.log;
		for (const [number, settlement] of options.kept) {
			this.#entries.set(settlement.token, { settlement, number, state: 'sent' });
		}
	}

	get size(): number {
		return this.#entries.size;
	}

	has(token: string): boolean {
		return this.#entries.has(token);
	}

	add(settlement: Settlement): void {
		const entry: Entry = { settlement, number: 0, state: 'queued' };
		this.#entries.set(settlement.token, entry);
		this.#queue.push(entry);
		this.#schedule();
	}

	/** Attempts that are settled here and not yet acknowledged, newest last, at most so many. */
	refs(most: number): AttemptRef[] {
		return Array.from(this.#entries.values(), ({ settlement: { task, attempt, token } }) => ({
			task,
			attempt,
			token,
		})).slice(-most);
	}

	/** Sends everything again: the link is new, and nobody knows what of the old one arrived. */
	resendAll(): void {
		this.#queue = [...this.#entries.values()];
		for (const entry of this.#queue) entry.state = 'queued';
		this.#schedule();
	}

	/** Forgets a settlement that is no longer this node's to make. */
	drop(token: string): void {
		const entry = this.#entries.get(token);
		if (entry) this.#forget(entry);
	}

	/** Resolves when everything is acknowledged. */
	empty(): Promise<void> {
		return this.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#onEmpty.push(resolve));
	}

	close(): void {
		for (const timer of this.#timers) clearTimeout(timer);
		this.#timers.clear();
		if (this.#spoolTimer) clearTimeout(this.#spoolTimer);
		this.#keep([...this.#entries.values()]);
		this.#spool.close();
	}

	#schedule(): void {
		if (this.#isScheduled) return;
		this.#isScheduled = true;
		setImmediate(() => {
			this.#isScheduled = false;
			this.#flush();
		});
	}

	#flush(): void {
		if (!this.#isReady()) {
			this.#keep(this.#queue);
			return;
		}
		const queue = this.#queue;
		this.#queue = [];
		this.#keepOrWait(queue);
		let batch: Entry[] = [];
		let bytes = 0;
		for (const entry of queue) {
			if (entry.state === 'sent') continue;
			const size = this.#fit(entry);
			if (batch.length > 0 && (bytes + size > MESSAGE_BYTES || batch.length >= MESSAGE_ITEMS)) {
				void this.#deliver(batch);
				batch = [];
				bytes = 0;
			}
			entry.state = 'sent';
			batch.push(entry);
			bytes += size;
		}
		if (batch.length > 0) void this.#deliver(batch);
	}

	/** How many bytes the entry is in a message. One that no message can take becomes a failure, or it would never get through. */
	#fit(entry: Entry): number {
		const bytes = bytesOf(entry.settlement);
		if (bytes <= MAX_SETTLEMENT_BYTES) return bytes;
		const { task, attempt, token, usage } = entry.settlement;
		this.#log.warn({ task, attempt, bytes }, 'a settlement is too large to be sent: it is told as a failure instead');
		const message = `What there was to report has ${bytes} bytes; at most ${MAX_SETTLEMENT_BYTES} are allowed.`;
		const failure = { class: 'permanent', code: 'settlement-too-large', message } as const;
		entry.settlement = { task, attempt, token, outcome: 'failed', failure, usage };
		return bytesOf(entry.settlement);
	}

	/** Puts on disk what is worth it now, and the rest when it is still open in a while. */
	#keepOrWait(queue: readonly Entry[]): void {
		const heavy: Entry[] = [];
		for (const entry of queue) {
			if (entry.number > 0) continue;
			if (isLight(entry.settlement)) this.#unspooled.add(entry);
			else heavy.push(entry);
		}
		this.#keep(heavy);
		if (this.#unspooled.size === 0) return;
		this.#spoolTimer ??= setTimeout(() => {
			this.#spoolTimer = null;
			const unspooled = [...this.#unspooled];
			this.#unspooled.clear();
			this.#keep(unspooled);
		}, SPOOL_AFTER_MS);
	}

	/** Puts on disk what is open and not there yet. A full disk must not hold up the settlements themselves. */
	#keep(entries: readonly Entry[]): void {
		const fresh = entries.filter((entry) => entry.number === 0 && this.#isOpen(entry));
		if (fresh.length === 0) return;
		try {
			const numbers = this.#spool.append(fresh.map((entry) => entry.settlement));
			fresh.forEach((entry, index) => {
				entry.number = numbers[index] ?? 0;
			});
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error;
			this.#log.warn({ count: fresh.length }, 'the disk is full: settlements are kept in memory only');
		}
	}

	async #deliver(batch: Entry[]): Promise<void> {
		let answer: SettleAnswer | null = null;
		try {
			answer = readSettleAnswer(await this.#send(batch.map((entry) => entry.settlement)), batch.length);
		} catch (error) {
			this.#log.warn({ count: batch.length, reason: (error as Error).message }, 'settlements were not acknowledged');
			return this.#later(batch, 0);
		}
		if (answer === null) return this.#later(batch, 1_000);
		if ('retryAfterMs' in answer) return this.#later(batch, answer.retryAfterMs);
		if ('refused' in answer) return this.#giveUp(batch, answer);
		for (const [i, entry] of batch.entries()) {
			if (!this.#isOpen(entry)) continue;
			const status = answer.statuses[i];
			const { task, attempt } = entry.settlement;
			if (status !== 'accepted') this.#log.info({ task, attempt, status }, 'a settlement was not needed');
			this.#forget(entry);
		}
	}

	/** The coordinator does not believe that they are this node's; their leases run out, and the work is done elsewhere. */
	#giveUp(batch: Entry[], { refused, message }: SettleRefusal): void {
		this.#log.warn({ count: batch.length, code: refused, why: message }, 'settlements were refused and are given up');
		for (const entry of batch) if (this.#isOpen(entry)) this.#forget(entry);
	}

	#later(batch: Entry[], waitMs: number): void {
		const again = () => {
			this.#timers.delete(timer);
			const open = batch.filter((entry) => this.#isOpen(entry));
			for (const entry of open) entry.state = 'queued';
			this.#queue.push(...open);
			if (open.length > 0) this.#schedule();
		};
		// After a lost link `resendAll` does it.
		if (!this.#isReady()) return;
		const timer = setTimeout(again, waitMs);
		this.#timers.add(timer);
	}

	#isOpen(entry: Entry): boolean {
		return this.#entries.get(entry.settlement.token) === entry;
	}

	#forget(entry: Entry): void {
		this.#entries.delete(entry.settlement.token);
		this.#unspooled.delete(entry);
		entry.state = 'sent';
		if (entry.number > 0) this.#spool.acknowledge([entry.number]);
		if (this.#entries.size > 0) return;
		for (const resolve of this.#onEmpty.splice(0)) resolve();
	}
}

const isLight = (settlement: Settlement): boolean =>
	(settlement.usage.wallMs ?? 0) < LIGHT_MS && (settlement.outcome !== 'succeeded' || settlement.outputs.length === 0);

/** The short ones, by far the most, are not written out to be measured. */
const SHORT_BYTES = 600;

const bytesOf = (settlement: Settlement): number => {
	const isShort =
		settlement.outcome === 'cancelled' ||
		(settlement.outcome === 'succeeded' && settlement.outputs.length === 0 && isEmpty(settlement.result));
	return isShort ? SHORT_BYTES : Buffer.byteLength(JSON.stringify(settlement)) + 1;
};

const isEmpty = (result: object): boolean => {
	for (const _ in result) return false;
	return true;
};
