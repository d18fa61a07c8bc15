import { randomUUID } from 'node:crypto';
import { CodedError } from '../../shared/coded-error.ts';
import type { Ledger } from '../database/ledger.ts';
import {
	findAround,
	findBelow,
	findCovering,
	forgetExpiredLocks,
	refreshLock,
	releaseLock,
	takeLock,
} from '../files/lock-operation-store.ts';
import { type DriveLock, LONGEST_LOCK_MS } from '../files/lock-store.ts';

export type { DriveLock } from '../files/lock-store.ts';

export interface WantedLock extends Pick<DriveLock, 'names' | 'isExclusive' | 'isDeep' | 'holder'> {
	ownerSeq: number;
	timeoutMs: number;
}

const SHORTEST_MS = 60_000;
/** Longest description of itself that a client may leave, in bytes. */
const MOST_HOLDER_BYTES = 4_096;

/** Locks of the drive, all on paths of a person's tree. They are in the ledger, so a restart does not free them. */
export class Locks {
	readonly #ledger: Ledger;
	readonly #onReleased: () => void;
	readonly #now: () => number;

	constructor(options: {
		ledger: Ledger;
		/** What waited for that may go on. */
		onReleased: () => void;
		now?: () => number;
	}) {
		this.#ledger = options.ledger;
		this.#onReleased = options.onReleased;
		this.#now = options.now ?? Date.now;
	}

	/** On it, or deep on a folder above. */
	covering(ownerSeq: number, names: readonly string[]): Promise<DriveLock[]> {
		return this.#ledger.read(findCovering, { ownerSeq, names, now: this.#now() });
	}

	/** On what is below it, not on itself. */
	below(ownerSeq: number, names: readonly string[]): Promise<DriveLock[]> {
		return this.#ledger.read(findBelow, { ownerSeq, names, now: this.#now() });
	}

	/** Covering a folder, and on what lies in it itself. */
	around(ownerSeq: number, names: readonly string[]): Promise<DriveLock[]> {
		return this.#ledger.read(findAround, { ownerSeq, names, now: this.#now() });
	}

	/** Throws `locked` when another one is in its way. */
	async take({ ownerSeq, timeoutMs, ...wanted }: WantedLock): Promise<DriveLock> {
		if (wanted.holder !== null && Buffer.byteLength(wanted.holder) > MOST_HOLDER_BYTES) {
			throw new CodedError('body-too-large', `The owner of a lock may be described in ${MOST_HOLDER_BYTES} bytes.`);
		}
		const now = this.#now();
		const lock = { ...wanted, token: `urn:uuid:${randomUUID()}`, expiresAt: now + held(timeoutMs) };
		await this.#ledger.write(takeLock, { ownerSeq, lock, now });
		return lock;
	}

	/** Makes one of these tokens' last longer. Null: no lock of them covers it. */
	refresh(
		ownerSeq: number,
		names: readonly string[],
		tokens: readonly string[],
		timeoutMs: number,
	): Promise<DriveLock | null> {
		const now = this.#now();
		return this.#ledger.write(refreshLock, { ownerSeq, names, tokens, now, expiresAt: now + held(timeoutMs) });
	}

	/** False: no lock of that token covers it. */
	async release(ownerSeq: number, names: readonly string[], token: string): Promise<boolean> {
		const released = await this.#ledger.write(releaseLock, { ownerSeq, names, token, now: this.#now() });
		if (released) this.#onReleased();
		return released !== null;
	}

	/** Those that have expired mean nothing any more. */
	forgetExpired(): Promise<number> {
		return this.#ledger.write(forgetExpiredLocks, { now: this.#now() });
	}
}

/** A client that died leaves its lock: whatever it asks for, others wait no longer than the longest. */
const held = (timeoutMs: number): number => Math.min(Math.max(timeoutMs, SHORTEST_MS), LONGEST_LOCK_MS);
