import { CodedError } from '../../shared/coded-error.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { digestBytes } from './secrets.ts';
import { type NewUser, prepareAddUser } from './user-store.ts';

/** Remembers the one set-up token, voiding those before it; false when there is somebody already. */
export const saveSetupToken = writeOperation('accounts.save-setup-token', (db) => {
	const anybody = db.prepare('SELECT 1 FROM users LIMIT 1').pluck();
	const forget = db.prepare('DELETE FROM setup_tokens WHERE used_at IS NULL');
	const insert = db.prepare('INSERT INTO setup_tokens (hash, created_at) VALUES (?, ?)');
	return (args: { digest: string; now: number }): boolean => {
		if (anybody.get()) return false;
		forget.run();
		insert.run(digestBytes(args.digest), args.now);
		return true;
	};
});

/** Whether a set-up token would be taken now, so that a wrong one costs no password hash. */
export const isSetupToken = readOperation('accounts.is-setup-token', (db) => {
	const unused = db.prepare('SELECT 1 FROM setup_tokens WHERE hash = ? AND used_at IS NULL').pluck();
	return (digest: string): boolean => unused.get(digestBytes(digest)) !== undefined;
});

/** Uses the token up and makes the first administrator, both or neither. */
export const spendSetupToken = writeOperation('accounts.spend-setup-token', (db) => {
	const anybody = db.prepare('SELECT 1 FROM users LIMIT 1').pluck();
	const spend = db.prepare('UPDATE setup_tokens SET used_at = ? WHERE hash = ? AND used_at IS NULL');
	const add = prepareAddUser(db);
	return (args: { digest: string; user: NewUser; address: string; now: number }) => {
		const isGood = spend.run(args.now, digestBytes(args.digest)).changes === 1 && !anybody.get();
		if (!isGood) throw new CodedError('setup-token-invalid');
		const by: Doer = { actor: args.user.id, address: args.address };
		return add(args.user, by, args.now);
	};
});
