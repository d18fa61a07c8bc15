import type { Role, TokenScope } from '../../shared/protocol/account.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import type { CredentialKind } from './credential-store.ts';
import { MUST_ENROL } from './second-factor-rule-store.ts';
import { digestBytes } from './secrets.ts';

/** A secret that the ledger knows, dead or alive. */
export interface SecretRecord {
	userSeq: number;
	userId: string;
	username: string;
	usernameKey: string;
	role: Role;
	scopes: TokenScope[] | null;
	credentialId: string;
	/** Revoked, or the person is disabled. */
	dead: boolean;
	expiresAt: number | null;
	lastUsedAt: number | null;
	/** Null: it is no session. */
	confirmedAt: number | null;
	mustEnrol: boolean;
}

type Row = Omit<SecretRecord, 'scopes' | 'dead' | 'mustEnrol'> & {
	scopes: string | null;
	dead: 0 | 1;
	mustEnrol: 0 | 1;
};

const fromRow = (row: Row | undefined): SecretRecord | null =>
	row
		? {
				...row,
				dead: row.dead === 1,
				mustEnrol: row.mustEnrol === 1,
				scopes: row.scopes === null ? null : (JSON.parse(row.scopes) as TokenScope[]),
			}
		: null;

const USER_COLUMNS = 'u.seq AS userSeq, u.id AS userId, u.username, u.username_key AS usernameKey, u.role';

export const findSession = readOperation('accounts.find-session', (db) => {
	const select = db.prepare(
		`SELECT ${USER_COLUMNS}, NULL AS scopes, s.id AS credentialId, u.disabled_at IS NOT NULL AS dead,
		        s.expires_at AS expiresAt, s.last_used_at AS lastUsedAt, s.confirmed_at AS confirmedAt,
		        ${MUST_ENROL} AS mustEnrol
		 FROM sessions s JOIN users u ON u.seq = s.user_seq WHERE s.hash = ?`,
	);
	return (digest: string) => fromRow(select.get(digestBytes(digest)) as Row | undefined);
});

export const findCredential = readOperation('accounts.find-credential', (db) => {
	const select = db.prepare(
		`SELECT ${USER_COLUMNS}, c.scopes, c.id AS credentialId,
		        (c.revoked_at IS NOT NULL OR u.disabled_at IS NOT NULL) AS dead,
		        c.expires_at AS expiresAt, c.last_used_at AS lastUsedAt, NULL AS confirmedAt, 0 AS mustEnrol
		 FROM credentials c JOIN users u ON u.seq = c.user_seq WHERE c.hash = ? AND c.kind = ?`,
	);
	return (args: { digest: string; kind: CredentialKind }) =>
		fromRow(select.get(digestBytes(args.digest), args.kind) as Row | undefined);
});

/** Writes down when sessions and credentials were last used, many at a time. */
export const markUsed = writeOperation('accounts.mark-used', (db) => {
	const session = db
		.prepare('UPDATE sessions SET last_used_at = max(last_used_at, @at) WHERE id = @id RETURNING user_seq')
		.pluck();
	const credential = db
		.prepare(
			'UPDATE credentials SET last_used_at = max(coalesce(last_used_at, 0), @at) WHERE id = @id RETURNING user_seq',
		)
		.pluck();
	const seen = db.prepare('UPDATE users SET last_seen_at = max(coalesce(last_seen_at, 0), @at) WHERE seq = @userSeq');
	return (uses: readonly { id: string; at: number; isSession: boolean }[]): void => {
		for (const { id, at, isSession } of uses) {
			const userSeq = (isSession ? session : credential).get({ id, at }) as number | undefined;
			if (userSeq !== undefined) seen.run({ userSeq, at });
		}
	};
});
