import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import type { Role, UserListQuery } from '../../shared/protocol/account.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import type { UserRecord } from './user-record.ts';

const COLUMNS = `seq, id, username, role, created_at AS createdAt, disabled_at AS disabledAt,
	last_seen_at AS lastSeenAt, service_class AS serviceClass,
	EXISTS (SELECT 1 FROM password_links l WHERE l.user_seq = users.seq AND l.purpose = 'invite') AS invited,
	EXISTS (SELECT 1 FROM second_factors f WHERE f.user_seq = users.seq AND f.confirmed_at IS NOT NULL) AS secondFactor`;
/** Every change of rights gets a number of its own: caches in another process see by it what they must forget. */
const NEXT_REVISION = '(SELECT max(revision) + 1 FROM users)';

export interface NewUser {
	id: string;
	username: string;
	usernameKey: string;
	passwordHash: string;
	role: Role;
	serviceClass: string | null;
}

/** What people are narrowed down by; `name` as its key. */
export type UserFilter = Omit<UserListQuery, 'limit' | 'cursor'>;

/** What is undefined stays. */
export interface UserChange {
	role?: Role | undefined;
	disabled?: boolean | undefined;
	serviceClass?: string | null | undefined;
}

/** Throws `unknown-service-class` unless there is a class of this name, or none is given. */
const prepareKnownClass = (db: Database): ((name: string | null) => void) => {
	const find = db.prepare('SELECT 1 FROM service_classes WHERE name = ?').pluck();
	return (name) => {
		if (name === null || find.get(name) !== undefined) return;
		throw new CodedError('unknown-service-class', `There is no service class ${name}.`, {
			fields: [{ path: 'serviceClass', message: 'is not there' }],
		});
	};
};

/** Makes a user inside somebody's transaction; throws `name-taken` or `unknown-service-class`. */
export const prepareAddUser = (db: Database): ((user: NewUser, by: Doer, now: number) => UserRecord) => {
	const taken = db.prepare('SELECT 1 FROM users WHERE username_key = ?').pluck();
	const insert = db.prepare(
		`INSERT INTO users (id, username, username_key, password_hash, role, service_class, created_at)
		 VALUES (@id, @username, @usernameKey, @passwordHash, @role, @serviceClass, @now)
		 RETURNING ${COLUMNS}`,
	);
	const requireKnownClass = prepareKnownClass(db);
	const audit = prepareAudit(db);
	return (user, by, now) => {
		if (taken.get(user.usernameKey)) throw new CodedError('name-taken', `There is a user ${user.username} already.`);
		requireKnownClass(user.serviceClass);
		const added = insert.get({ ...user, now }) as UserRecord;
		const { username, role, serviceClass } = added;
		const detail = { username, role, ...(serviceClass === null ? {} : { serviceClass }) };
		audit({ at: now, ...by, action: 'user.create', object: added.id, outcome: 'done', detail });
		return added;
	};
};

export const addUser = writeOperation('accounts.add-user', (db) => {
	const add = prepareAddUser(db);
	return (args: { user: NewUser; by: Doer; now: number }) => add(args.user, args.by, args.now);
});

/** Makes the first administrator if there is no user at all; null when there is one. */
export const addFirstAdministrator = writeOperation('accounts.add-first-administrator', (db) => {
	const anybody = db.prepare('SELECT 1 FROM users LIMIT 1').pluck();
	const add = prepareAddUser(db);
	return (args: { user: NewUser; by: Doer; now: number }) => (anybody.get() ? null : add(args.user, args.by, args.now));
});

export const hasUsers = readOperation('accounts.has-users', (db) => {
	const anybody = db.prepare('SELECT 1 FROM users LIMIT 1').pluck();
	return (_: null): boolean => anybody.get() !== undefined;
});

export const listUsers = readOperation('accounts.list-users', (db) => {
	const select = db.prepare(
		`SELECT ${COLUMNS} FROM users WHERE seq > @after AND (@name IS NULL OR instr(username_key, @name) > 0)
		   AND (@role IS NULL OR role = @role) AND (@class IS NULL OR service_class = @class)
		   AND (@state IS NULL OR @state = iif(disabled_at IS NOT NULL, 'disabled', iif(invited, 'invited', 'active')))
		 ORDER BY seq LIMIT @limit`,
	);
	return (args: { after: number; limit: number } & UserFilter): UserRecord[] => {
		const { after, limit, name = null, role = null, class: given = null, state = null } = args;
		return select.all({ after, limit, name, role, class: given, state }) as UserRecord[];
	};
});

export const readUser = readOperation('accounts.read-user', (db) => {
	const select = db.prepare(`SELECT ${COLUMNS} FROM users WHERE id = ?`);
	return (id: string) => select.get(id) as UserRecord | undefined;
});

/** Names of people, by their numbers. */
export const readUserNames = readOperation('accounts.read-user-names', (db) => {
	const select = db.prepare('SELECT seq, username FROM users WHERE seq IN (SELECT value FROM json_each(?))').raw();
	return (seqs: readonly number[]) => select.all(JSON.stringify(seqs)) as [seq: number, username: string][];
});

/** A user by name, for the command line. */
export const findUser = readOperation('accounts.find-user', (db) => {
	const select = db.prepare(`SELECT ${COLUMNS} FROM users WHERE username_key = ?`);
	return (key: string) => select.get(key) as UserRecord | undefined;
});

/** Gives a person a service class, or with null none, inside somebody's transaction; throws `unknown-service-class`. */
const prepareGiveClass = (db: Database) => {
	const requireKnownClass = prepareKnownClass(db);
	const update = db.prepare(`UPDATE users SET service_class = ? WHERE seq = ? RETURNING ${COLUMNS}`);
	const audit = prepareAudit(db);
	return (user: UserRecord, serviceClass: string | null, by: Doer, now: number): UserRecord => {
		if (serviceClass === user.serviceClass) return user;
		requireKnownClass(serviceClass);
		const detail = { before: user.serviceClass, after: serviceClass };
		audit({ at: now, ...by, action: 'user.give-class', object: user.id, outcome: 'done', detail });
		return update.get(serviceClass, user.seq) as UserRecord;
	};
};

/** Role, state and service class; who loses a right loses the sessions too, and any link to choose a password by. Never leaves Millrace without an administrator. */
export const changeUser = writeOperation('accounts.change-user', (db) => {
	const find = db.prepare(`SELECT ${COLUMNS} FROM users WHERE id = ?`);
	const others = db
		.prepare(`SELECT count(*) FROM users WHERE role = 'administrator' AND disabled_at IS NULL AND seq <> ?`)
		.pluck();
	const update = db.prepare(
		`UPDATE users SET role = @role, disabled_at = @disabledAt, revision = ${NEXT_REVISION} WHERE seq = @seq
		 RETURNING ${COLUMNS}`,
	);
	const endSessions = db.prepare('DELETE FROM sessions WHERE user_seq = ?');
	// Nobody knows a link to this; whoever was invited stays so, and can be given another one.
	const voidLink = db.prepare('UPDATE password_links SET hash = randomblob(32) WHERE user_seq = ?');
	const give = prepareGiveClass(db);
	const audit = prepareAudit(db);
	return (args: { id: string; by: Doer; now: number } & UserChange) => {
		const found = find.get(args.id) as UserRecord | undefined;
		if (!found) throw new CodedError('not-found');
		const { by, now, serviceClass } = args;
		const user = serviceClass === undefined ? found : give(found, serviceClass, by, now);
		const role = args.role ?? user.role;
		const disabled = args.disabled ?? user.disabledAt !== null;
		const wasAdministrator = user.role === 'administrator' && user.disabledAt === null;
		if (wasAdministrator && (disabled || role !== 'administrator') && others.get(user.seq) === 0) {
			throw new CodedError('last-administrator');
		}
		const isDisabling = disabled && user.disabledAt === null;
		const isEnabling = !disabled && user.disabledAt !== null;
		const isOtherRole = role !== user.role;
		if (!isDisabling && !isEnabling && !isOtherRole) return { user, ended: false };
		const disabledAt = disabled ? (user.disabledAt ?? now) : null;
		const changed = update.get({ seq: user.seq, role, disabledAt }) as UserRecord;
		endSessions.run(user.seq);
		voidLink.run(user.seq);
		const record = (action: string, detail: Record<string, string>) =>
			audit({ at: now, ...by, action, object: user.id, outcome: 'done', detail });
		if (isOtherRole) record('user.change-role', { from: user.role, to: role });
		if (isDisabling) record('user.disable', {});
		if (isEnabling) record('user.enable', {});
		return { user: changed, ended: true };
	};
});

/** The users whose rights changed after a revision, whoever changed them. */
export const readChangedUsers = readOperation('accounts.read-changed-users', (db) => {
	const select = db.prepare('SELECT seq, revision FROM users WHERE revision > ? ORDER BY revision');
	const last = db.prepare('SELECT coalesce(max(revision), 0) FROM users').pluck();
	return (after: number | null): { revision: number; users: number[] } => {
		if (after === null) return { revision: last.get() as number, users: [] };
		const changed = select.all(after) as { seq: number; revision: number }[];
		return { revision: changed.at(-1)?.revision ?? after, users: changed.map(({ seq }) => seq) };
	};
});
