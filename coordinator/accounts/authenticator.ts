import { CodedError } from '../../shared/coded-error.ts';
import type { Ledger } from '../database/ledger.ts';
import type { Actor } from './actor.ts';
import { findCredential, findSession, type SecretRecord } from './authenticate-store.ts';
import { BoundedMap } from './bounded-map.ts';
import { clientNetwork } from './client-network.ts';
import type { Defender } from './defender.ts';
import { digestOf, isSessionSecret, isTokenSecret, readAppPassword } from './secrets.ts';
import type { UseMarks } from './use-marks.ts';
import { usernameKey } from './user-record.ts';

const MOST_KNOWN = 20_000;
const MOST_REFUSED = 20_000;
/** Look-ups a second that find nothing and may come from one address; further ones wait for the next second. */
const MISSES_A_SECOND = 20;
const MOST_NETWORKS = 10_000;
/** How often the last use of a credential is written down at most. */
const MARKED_EVERY_MS = 60_000;

/** A secret that is good until something ends it. */
interface Known {
	actor: Actor;
	usernameKey: string;
	/** Milliseconds since 1970; Infinity for none. */
	expiresAt: number;
	isSession: boolean;
	lastUsedAt: number;
	markedAt: number;
}

/**
 * Says whose a secret is, mostly from memory. What is remembered dies when the credential is ended or expires and when
 * its owner's rights change. A secret that is not good is looked up once and then refused from memory. An unknown token
 * or app password is a fault of its address; an unknown session is none, because browsers keep cookies of the past.
 */
export class Authenticator {
	readonly #ledger: Ledger;
	readonly #defender: Defender;
	readonly #marks: UseMarks;
	readonly #idleMs: number;
	readonly #now: () => number;
	readonly #known = new BoundedMap<string, Known>(MOST_KNOWN);
	/** Secrets that are not good; with the user's number where one of that user's changes may mend that. */
	readonly #refused = new BoundedMap<string, number | null>(MOST_REFUSED);
	readonly #misses = new BoundedMap<string, { second: number; count: number }>(MOST_NETWORKS);
	readonly #lookups = new Map<string, Promise<Known | null>>();
	/** Raised whenever something is forgotten: what was read before is then not remembered. */
	#epoch = 0;

	constructor(options: {
		ledger: Ledger;
		defender: Defender;
		marks: UseMarks;
		sessionIdleMs: number;
		now: () => number;
	}) {
		this.#ledger = options.ledger;
		this.#defender = options.defender;
		this.#marks = options.marks;
		this.#idleMs = options.sessionIdleMs;
		this.#now = options.now;
	}

	/** Another number than before: somebody may have been shut out since, or be another role now. */
	get epoch(): number {
		return this.#epoch;
	}

	/**
	 * Whose session a cookie's secret is; null when it is nobody's any more. Whoever is asked about `again` was let in by
	 * this secret before: how many others their address tries, or a ban of it, is no reason not to look, or they would go
	 * on for as long as they keep trying.
	 */
	async session(secret: string, address: string, again = false): Promise<Actor | null> {
		if (!isSessionSecret(secret)) return null;
		const known = await this.#find('session', digestOf(secret), { address, again });
		return known && actorAt(known, address);
	}

	/** Whose API token this is. */
	async token(secret: string, address: string, again = false): Promise<Actor | null> {
		if (!isTokenSecret(secret)) return null;
		const digest = digestOf(secret);
		// The way of 12,000 requests a second: no second promise.
		const known = this.#fromMemory(digest) ?? (await this.#find('token', digest, { address, again }));
		return known && actorAt(known, address);
	}

	/** Whose app password this is, when the name fits too. */
	async appPassword(username: string, secret: string, address: string, again = false): Promise<Actor | null> {
		const plain = readAppPassword(secret);
		const known = plain === null ? null : await this.#find('app-password', digestOf(plain), { address, again });
		if (known?.usernameKey === usernameKey(username)) return actorAt(known, address);
		// What cannot be one, or is somebody else's, was not looked up in vain, but it is a try all the same; a program
		// that repeats it counts once.
		if (!again && (plain === null || known)) await this.#noteTry(digestOf(`${username}\n${secret}`), address);
		return null;
	}

	/** Everything of this user is looked up anew. */
	forgetUser(userSeq: number): void {
		this.#epoch++;
		for (const [digest, known] of this.#known.entries())
			if (known.actor.userSeq === userSeq) this.#known.delete(digest);
		for (const [digest, seq] of this.#refused.entries()) if (seq === userSeq) this.#refused.delete(digest);
	}

	/** What is asked of sessions has changed: they are looked up anew. */
	forgetSessions(): void {
		this.#epoch++;
		for (const [digest, known] of this.#known.entries()) if (known.isSession) this.#known.delete(digest);
	}

	/** This session or credential was ended, or something of it has changed. */
	forgetCredential(id: string): void {
		this.#epoch++;
		for (const [digest, known] of this.#known.entries()) {
			if (known.actor.credentialId === id) this.#known.delete(digest);
		}
	}

	#fromMemory(digest: string): Known | null {
		const known = this.#known.get(digest);
		if (!known) return null;
		const now = this.#now();
		if (known.expiresAt <= now || (known.isSession && known.lastUsedAt + this.#idleMs <= now)) {
			this.#known.delete(digest);
			return null;
		}
		known.lastUsedAt = now;
		if (now - known.markedAt >= MARKED_EVERY_MS) this.#mark(known);
		return known;
	}

	async #find(
		kind: Actor['via'],
		digest: string,
		{ address, again }: { address: string; again: boolean },
	): Promise<Known | null> {
		const known = this.#fromMemory(digest);
		if (known) return known;
		if (!this.#refused.has(digest)) {
			let lookup = this.#lookups.get(digest);
			if (!lookup) {
				if (!again) this.#checkMisses(address);
				lookup = this.#lookUp(kind, digest, address).finally(() => this.#lookups.delete(digest));
				this.#lookups.set(digest, lookup);
			}
			const found = await lookup;
			if (found) return found;
		}
		if (kind !== 'session' && !again) this.#defender.check(address);
		return null;
	}

	async #lookUp(kind: Actor['via'], digest: string, address: string): Promise<Known | null> {
		for (;;) {
			const epoch = this.#epoch;
			const record = await (kind === 'session'
				? this.#ledger.read(findSession, digest)
				: this.#ledger.read(findCredential, { digest, kind }));
			if (epoch !== this.#epoch) continue;
			const known = record && this.#toKnown(kind, record);
			if (known) {
				this.#known.set(digest, known);
				return known;
			}
			this.#refused.set(digest, record?.userSeq ?? null);
			if (!record) await this.#noteMiss(kind, address);
			return null;
		}
	}

	#toKnown(kind: Actor['via'], record: SecretRecord): Known | null {
		const now = this.#now();
		const { dead, expiresAt, lastUsedAt, usernameKey, userSeq, userId, username, role, scopes, credentialId } = record;
		const { confirmedAt, mustEnrol } = record;
		const isSession = kind === 'session';
		const isIdle = isSession && (lastUsedAt ?? 0) + this.#idleMs <= now;
		if (dead || isIdle || (expiresAt !== null && expiresAt <= now)) return null;
		const session = confirmedAt === null ? {} : { session: { confirmedAt, mustEnrol } };
		const actor: Actor = { userSeq, userId, username, role, via: kind, scopes, credentialId, ...session, address: '' };
		const known: Known = {
			actor,
			usernameKey,
			expiresAt: expiresAt ?? Number.POSITIVE_INFINITY,
			isSession,
			lastUsedAt: now,
			markedAt: lastUsedAt ?? 0,
		};
		if (now - known.markedAt >= MARKED_EVERY_MS) this.#mark(known);
		return known;
	}

	#mark(known: Known): void {
		known.markedAt = known.lastUsedAt;
		this.#marks.mark(known.actor.credentialId, known.lastUsedAt, known.isSession);
	}

	#checkMisses(address: string): void {
		const misses = this.#misses.get(clientNetwork(address));
		if (misses && misses.second === this.#second() && misses.count >= MISSES_A_SECOND) {
			throw new CodedError('too-many-requests', undefined, { retryAfter: 1 });
		}
	}

	async #noteMiss(kind: Actor['via'], address: string): Promise<void> {
		const network = clientNetwork(address);
		const second = this.#second();
		const before = this.#misses.get(network);
		this.#misses.set(network, { second, count: before?.second === second ? before.count + 1 : 1 });
		if (kind !== 'session') await this.#defender.count(address, 'wrong-secret');
	}

	async #noteTry(digest: string, address: string): Promise<void> {
		if (!this.#refused.has(digest)) {
			this.#refused.set(digest, null);
			await this.#noteMiss('app-password', address);
		}
		this.#defender.check(address);
	}

	#second(): number {
		return Math.floor(this.#now() / 1_000);
	}
}

/** The same object while the address stays the same. */
const actorAt = (known: Known, address: string): Actor => {
	if (known.actor.address !== address) known.actor = { ...known.actor, address };
	return known.actor;
};
