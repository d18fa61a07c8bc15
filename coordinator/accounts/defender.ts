import { CodedError } from '../../shared/coded-error.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { type Doer, SYSTEM } from '../audit/doer.ts';
import { BoundedMap } from './bounded-map.ts';
import { clientNetwork } from './client-network.ts';

/** What an address can do wrong, and how much each counts (SFTPGo's numbers). */
const POINTS = { 'unknown-user': 2, 'wrong-secret': 1, 'limit-exceeded': 3 } as const;
export type Fault = keyof typeof POINTS;

export interface DefenderRules {
	/** So many points within the window are one ban. */
	threshold: number;
	windowMs: number;
	banMs: number;
	/** Each ban is longer than the one before by this factor, until none was needed for a day. */
	growth: number;
}
export const DEFENDER_RULES: DefenderRules = { threshold: 15, windowMs: 30 * 60_000, banMs: 30 * 60_000, growth: 1.5 };
const LONGEST_BAN_MS = 24 * 3_600_000;
const FORGIVEN_AFTER_MS = 24 * 3_600_000;
/** Addresses that are remembered: about 30 MB at most. */
const MOST_ADDRESSES = 100_000;

interface Record {
	faults: { at: number; points: number }[];
	bannedAt: number;
	bannedUntil: number;
	/** Length of the last ban; 0 when there was none. */
	lastBanMs: number;
}

export interface Ban {
	address: string;
	bannedAt: number;
	until: number;
}

/**
 * Counts wrong tries by address, at all doors alike, and bans from trying. A ban never touches who holds a valid session
 * or token: it is about tries, not about requests. Kept in memory: a restart forgives. Addresses of this machine count
 * like any other, because a proxy or a tunnel may stand there.
 */
export class Defender {
	readonly #records = new BoundedMap<string, Record>(MOST_ADDRESSES);
	readonly #rules: DefenderRules;
	readonly #audit: AuditLog;
	readonly #now: () => number;

	constructor(options: { audit: AuditLog; rules?: Partial<DefenderRules>; now?: () => number }) {
		this.#audit = options.audit;
		this.#rules = { ...DEFENDER_RULES, ...options.rules };
		this.#now = options.now ?? Date.now;
	}

	isBanned(address: string): boolean {
		const record = this.#records.get(clientNetwork(address));
		return record !== undefined && record.bannedUntil > this.#now();
	}

	/** Throws `banned` while the address may not try. */
	check(address: string): void {
		const record = this.#records.get(clientNetwork(address));
		if (record && record.bannedUntil > this.#now()) throw banned(record.bannedUntil - this.#now());
	}

	/** Counts a fault; true when it was the one too many, and then it is audited. */
	async count(address: string, fault: Fault): Promise<boolean> {
		const now = this.#now();
		const network = clientNetwork(address);
		const record = this.#records.get(network) ?? { faults: [], bannedAt: 0, bannedUntil: 0, lastBanMs: 0 };
		if (record.bannedUntil > now) return false;
		record.faults = record.faults.filter(({ at }) => at > now - this.#rules.windowMs);
		record.faults.push({ at: now, points: POINTS[fault] });
		this.#records.set(network, record);
		if (record.faults.reduce((sum, { points }) => sum + points, 0) < this.#rules.threshold) return false;
		const isAgain = record.lastBanMs > 0 && record.bannedUntil > now - FORGIVEN_AFTER_MS;
		const length = isAgain ? record.lastBanMs * this.#rules.growth : this.#rules.banMs;
		record.lastBanMs = Math.min(length, LONGEST_BAN_MS);
		record.bannedAt = now;
		record.bannedUntil = now + record.lastBanMs;
		record.faults = [];
		await this.#record('address.ban', network, SYSTEM, { minutes: Math.round(record.lastBanMs / 60_000) });
		return true;
	}

	/** Who is banned now, the latest first. */
	list(): Ban[] {
		const now = this.#now();
		const bans: Ban[] = [];
		for (const [address, { bannedAt, bannedUntil }] of this.#records.entries()) {
			if (bannedUntil > now) bans.push({ address, bannedAt, until: bannedUntil });
		}
		return bans.sort((a, b) => b.bannedAt - a.bannedAt);
	}

	/** Lifts a ban and forgets what led to it; throws `not-found`. */
	async lift(address: string, by: Doer): Promise<void> {
		const network = address.endsWith('::/64') ? address : clientNetwork(address);
		if ((this.#records.get(network)?.bannedUntil ?? 0) <= this.#now()) {
			throw new CodedError('not-found', 'This address is not banned.');
		}
		this.#records.delete(network);
		await this.#record('address.unban', network, by, {});
	}

	#record(action: string, object: string, by: Doer, detail: { minutes?: number }): Promise<void> {
		return this.#audit.record({ at: this.#now(), ...by, action, object, outcome: 'done', detail });
	}
}

const banned = (leftMs: number): CodedError =>
	new CodedError('banned', `Too many wrong tries from your address. Try again in ${inWords(leftMs)}.`, {
		retryAfter: Math.ceil(leftMs / 1_000),
	});

const inWords = (ms: number): string => {
	const minutes = Math.ceil(ms / 60_000);
	if (minutes < 120) return minutes === 1 ? 'a minute' : `${minutes} minutes`;
	return `${Math.ceil(minutes / 60)} hours`;
};
