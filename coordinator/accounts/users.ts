import { CodedError } from '../../shared/coded-error.ts';
import type { Role, UserListQuery, UserView } from '../../shared/protocol/account.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { newId } from '../database/new-id.ts';
import { pageBySeq, readSeqCursor } from '../database/seq-cursor.ts';
import type { Announcer } from '../report/announcer.ts';
import type { AccountEvents } from './account-events.ts';
import type { Actor } from './actor.ts';
import { doerOf } from './actor.ts';
import type { Authenticator } from './authenticator.ts';
import type { PasswordCheck } from './password-check.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { checkNewPassword } from './password-rules.ts';
import { setPassword } from './password-store.ts';
import { shutOut } from './shut-out-store.ts';
import { type UserRecord, usernameKey, viewUser } from './user-record.ts';
import {
	addFirstAdministrator,
	addUser,
	changeUser,
	findUser,
	listUsers,
	type NewUser,
	readUser,
	readUserNames,
	type UserChange,
} from './user-store.ts';

/** People: made, given a role, disabled, given another password. Whoever calls has checked that it may be done. */
export class Users {
	readonly #ledger: Ledger;
	readonly #hasher: PasswordHasher;
	readonly #check: PasswordCheck;
	readonly #authenticator: Authenticator;
	readonly #announcer: Announcer<AccountEvents>;
	readonly #onClassGiven: () => Promise<void>;
	readonly #now: () => number;

	constructor(options: {
		ledger: Ledger;
		hasher: PasswordHasher;
		check: PasswordCheck;
		authenticator: Authenticator;
		announcer: Announcer<AccountEvents>;
		/** A service class was given to somebody or taken away; it is waited for. */
		onClassGiven: () => Promise<void>;
		now: () => number;
	}) {
		this.#ledger = options.ledger;
		this.#hasher = options.hasher;
		this.#check = options.check;
		this.#authenticator = options.authenticator;
		this.#announcer = options.announcer;
		this.#onClassGiven = options.onClassGiven;
		this.#now = options.now;
	}

	/** Throws `name-taken`, `password-refused` or `unknown-service-class`. */
	async create(
		user: { username: string; password: string; role: Role; serviceClass?: string | null | undefined },
		by: Doer,
	): Promise<UserView> {
		const made = await this.prepare(user);
		const added = await this.#ledger.write(addUser, { user: made, by, now: this.#now() });
		if (added.serviceClass !== null) await this.#onClassGiven();
		return viewUser(added);
	}

	/** Makes the first administrator when there is nobody yet; null when there is somebody. */
	async createFirst(user: { username: string; password: string }, by: Doer): Promise<UserView | null> {
		const made = await this.prepare({ ...user, role: 'administrator' });
		const added = await this.#ledger.write(addFirstAdministrator, { user: made, by, now: this.#now() });
		return added && viewUser(added);
	}

	/** Checks and hashes what is needed to store a user. */
	async prepare(user: {
		username: string;
		password: string;
		role: Role;
		serviceClass?: string | null | undefined;
	}): Promise<NewUser> {
		checkNewPassword(user.password, user.username);
		return {
			id: newId('user', this.#now()),
			username: user.username.normalize('NFC'),
			usernameKey: usernameKey(user.username),
			passwordHash: await this.#hasher.hash(user.password),
			role: user.role,
			serviceClass: user.serviceClass ?? null,
		};
	}

	/** In the order in which they were made. */
	async list(query: UserListQuery): Promise<{ items: UserView[]; nextCursor: string | null }> {
		const { items, nextCursor } = await this.listWithSeqs(query);
		return { items: items.map(({ user }) => user), nextCursor };
	}

	/** The same, each with the number by which other rooms know the person. */
	async listWithSeqs(
		query: UserListQuery,
	): Promise<{ items: { seq: number; user: UserView }[]; nextCursor: string | null }> {
		const { limit, cursor, name, ...filter } = query;
		const after = readSeqCursor(cursor) ?? 0;
		const key = name === undefined ? undefined : usernameKey(name);
		const rows = await this.#ledger.read(listUsers, { after, limit: limit + 1, ...filter, name: key });
		return pageBySeq(rows, limit, (row) => ({ seq: row.seq, user: viewUser(row) }));
	}

	async read(id: string): Promise<UserView> {
		return viewUser(await this.#record(id));
	}

	/** The number by which other rooms know a person; throws `not-found`. */
	async seqOf(id: string): Promise<number> {
		return (await this.#record(id)).seq;
	}

	/** What people are called, by their numbers; who is gone is left out. */
	async namesOf(seqs: readonly number[]): Promise<ReadonlyMap<number, string>> {
		return new Map(await this.#ledger.read(readUserNames, seqs));
	}

	/** By name, in any spelling that is the same name; throws `not-found`. */
	async find(username: string): Promise<UserView> {
		const user = await this.#ledger.read(findUser, usernameKey(username));
		if (!user) throw new CodedError('not-found', `There is no user ${username}.`);
		return viewUser(user);
	}

	/**
	 * Role, state or service class. Whoever is given another role or disabled is signed out everywhere at once; tokens work
	 * on with the new role, and not at all while disabled. Throws `last-administrator` or `unknown-service-class`.
	 */
	async change(id: string, change: UserChange, by: Doer): Promise<UserView> {
		const { user, ended } = await this.#ledger.write(changeUser, { id, ...change, by, now: this.#now() });
		if (ended) this.#endAll(user);
		if (change.serviceClass !== undefined) await this.#onClassGiven();
		return viewUser(user);
	}

	/** Ends every session, token and app password of somebody at once; how many. The password stays. */
	async shutOut(id: string, by: Doer): Promise<{ sessions: number; credentials: number }> {
		const { userSeq, ...ended } = await this.#ledger.write(shutOut, { userId: id, by, now: this.#now() });
		this.gone(userSeq);
		return ended;
	}

	/** Somebody is deleted: what is remembered of them is forgotten, and every connection ends. */
	gone(userSeq: number): void {
		this.#authenticator.forgetUser(userSeq);
		this.#announcer.announce('account:ended', { userSeq, credentialId: null });
	}

	/** Needs the current password; ends the person's other sessions. */
	async changePassword(actor: Actor, passwords: { current: string; new: string }): Promise<void> {
		const { username, address, credentialId } = actor;
		checkNewPassword(passwords.new, username);
		const attempt = { username, password: passwords.current, address, session: credentialId };
		const user = await this.#check.check({ ...attempt, action: 'password.change' });
		await this.#setPassword(actor.userId, passwords.new, {
			expected: user.hash,
			keepSession: actor.via === 'session' ? credentialId : null,
			action: 'password.change',
			by: doerOf(actor),
		});
	}

	/** Gives somebody a new password and ends all of that person's sessions. */
	async resetPassword(id: string, password: string, by: Doer): Promise<void> {
		const { username } = await this.read(id);
		checkNewPassword(password, username);
		await this.#setPassword(id, password, { expected: null, keepSession: null, action: 'password.reset', by });
	}

	async #setPassword(
		userId: string,
		password: string,
		how: {
			expected: string | null;
			keepSession: string | null;
			action: 'password.change' | 'password.reset';
			by: Doer;
		},
	): Promise<void> {
		const hash = await this.#hasher.hash(password);
		const { userSeq, ended } = await this.#ledger.write(setPassword, { userId, hash, ...how, now: this.#now() });
		for (const credentialId of ended) {
			this.#authenticator.forgetCredential(credentialId);
			this.#announcer.announce('account:ended', { userSeq, credentialId });
		}
		this.#authenticator.forgetUser(userSeq);
	}

	async #record(id: string): Promise<UserRecord> {
		const user = await this.#ledger.read(readUser, id);
		if (!user) throw new CodedError('not-found');
		return user;
	}

	#endAll(user: UserRecord): void {
		this.#authenticator.forgetUser(user.seq);
		this.#announcer.announce('account:ended', { userSeq: user.seq, credentialId: null });
	}
}
