import { CodedError } from '../../shared/coded-error.ts';
import type { TokenScope } from '../../shared/protocol/account.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { digestBytes } from './secrets.ts';

export type CredentialKind = 'token' | 'app-password';

/** Lists of them are never cut into pages, so there is an end to their number. */
const MOST_CREDENTIALS = 1_000;

export interface CredentialRecord {
	id: string;
	name: string;
	scopes: TokenScope[] | null;
	createdAt: number;
	expiresAt: number | null;
	lastUsedAt: number | null;
}

export interface NewCredential {
	id: string;
	kind: CredentialKind;
	userSeq: number;
	name: string;
	digest: string;
	scopes: readonly TokenScope[] | null;
	expiresAt: number | null;
}

export const addCredential = writeOperation('accounts.add-credential', (db) => {
	const owner = db.prepare('SELECT 1 FROM users WHERE seq = ? AND disabled_at IS NULL').pluck();
	const count = db
		.prepare('SELECT count(*) FROM credentials WHERE user_seq = ? AND kind = ? AND revoked_at IS NULL')
		.pluck();
	const named = db
		.prepare(
			`SELECT 1 FROM credentials WHERE user_seq = ? AND kind = 'app-password' AND name = ? COLLATE NOCASE AND revoked_at IS NULL`,
		)
		.pluck();
	const insert = db.prepare(
		`INSERT INTO credentials (id, kind, user_seq, name, hash, scopes, created_at, expires_at)
		 VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
	);
	const audit = prepareAudit(db);
	return (args: { credential: NewCredential; by: Doer; now: number }): void => {
		const { id, kind, userSeq, name, digest, scopes, expiresAt } = args.credential;
		const { by, now } = args;
		if (!owner.get(userSeq)) throw new CodedError('unauthenticated');
		if ((count.get(userSeq, kind) as number) >= MOST_CREDENTIALS) {
			throw new CodedError('conflict', `There are ${MOST_CREDENTIALS} already. Delete those that are not used.`);
		}
		// Its name is all that tells people which program they shut out.
		if (kind === 'app-password' && named.get(userSeq, name)) {
			const detail = `You have an app password called ${name}. Choose another name, or revoke that one first.`;
			throw new CodedError('name-taken', detail);
		}
		const scopesText = scopes === null ? null : JSON.stringify(scopes);
		insert.run(id, kind, userSeq, name, digestBytes(digest), scopesText, now, expiresAt);
		const detail = { name, scopes: scopes === null ? null : [...scopes], expiresAt };
		audit({ at: now, ...by, action: `${kind}.create`, object: id, outcome: 'done', detail });
	};
});

/** Takes a credential back for good; throws `not-found`. */
export const revokeCredential = writeOperation('accounts.revoke-credential', (db) => {
	const revoke = db.prepare(
		'UPDATE credentials SET revoked_at = @now WHERE id = @id AND kind = @kind AND user_seq = @userSeq AND revoked_at IS NULL',
	);
	const audit = prepareAudit(db);
	return (args: { id: string; kind: CredentialKind; userSeq: number; by: Doer; now: number }): void => {
		const { id, kind, userSeq, by, now } = args;
		if (revoke.run({ id, kind, userSeq, now }).changes === 0) throw new CodedError('not-found');
		audit({ at: now, ...by, action: `${kind}.revoke`, object: id, outcome: 'done', detail: {} });
	};
});

/** A user's credentials that were not revoked, newest first; expired ones too, so that one sees why they stopped working. */
export const listCredentials = readOperation('accounts.list-credentials', (db) => {
	const select = db.prepare(
		`SELECT id, name, scopes, created_at AS createdAt, expires_at AS expiresAt, last_used_at AS lastUsedAt
		 FROM credentials WHERE user_seq = ? AND kind = ? AND revoked_at IS NULL ORDER BY seq DESC`,
	);
	return (args: { userSeq: number; kind: CredentialKind }): CredentialRecord[] =>
		(select.all(args.userSeq, args.kind) as (Omit<CredentialRecord, 'scopes'> & { scopes: string | null })[]).map(
			(row) => ({
				...row,
				scopes: row.scopes === null ? null : (JSON.parse(row.scopes) as TokenScope[]),
			}),
		);
});
