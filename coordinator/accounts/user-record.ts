import type { Role, UserView } from '../../shared/protocol/account.ts';

/** A user as the ledger's threads hand it out. */
export interface UserRecord {
	seq: number;
	id: string;
	username: string;
	role: Role;
	createdAt: number;
	disabledAt: number | null;
	lastSeenAt: number | null;
	/** Has not chosen a password yet. */
	invited: 0 | 1;
	/** Given to this person; null: by group, else the standard one. */
	serviceClass: string | null;
	/** Whether sign-ins need a code besides the password. */
	secondFactor: 0 | 1;
}

/** Names that look alike are one name. */
export const usernameKey = (username: string): string => username.normalize('NFKC').toLowerCase();

export const viewUser = (user: UserRecord): UserView => ({
	id: user.id,
	username: user.username,
	role: user.role,
	disabled: user.disabledAt !== null,
	serviceClass: user.serviceClass,
	invited: user.invited === 1,
	lastSeenAt: user.lastSeenAt === null ? null : new Date(user.lastSeenAt).toISOString(),
	createdAt: new Date(user.createdAt).toISOString(),
	secondFactor: user.secondFactor === 1,
});
