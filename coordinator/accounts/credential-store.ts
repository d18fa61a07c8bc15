import { CodedError } from '../../shared/coded-error.ts';
import type { TokenScope } from '../../shared/protocol/account.ts';
import { prepareAudit, prepareDetailOf } from '../audit/audit-store.ts';
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
	/** Id of the token that makes it; null: a session does. */
	maker: string | null;
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
	const makersEnd = db.prepare(
		`SELECT expires_at AS expiresAt FROM credentials WHERE id = ? AND user_seq = ? AND revoked_at IS NULL
		 AND (expires_at IS NULL OR expires_at > ?)`,
	);
	const insert = db.prepare(
		`INSERT INTO credentials (id, kind, user_seq, name, hash, scopes, created_at, expires_at)
		 VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
	);
	const audit = prepareAudit(db);
	/** When it ends. */
	return (args: { credential: NewCredential; by: Doer; now: number }): number | null => {
		const { id, kind, userSeq, name, digest, scopes, maker } = args.credential;
		const { by, now } = args;
		if (!owner.get(userSeq)) throw new CodedError('unauthenticated');
		let { expiresAt } = args.credential;
		if (maker !== null) {
			const until = makersEnd.get(maker, userSeq, now) as { expiresAt: number | null } | undefined;
			// It may have been taken back since it was let in.
			if (!until) throw new CodedError('unauthenticated');
			if (until.expiresAt !== null) expiresAt = Math.min(expiresAt ?? until.expiresAt, until.expiresAt);
		}
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
		const detail = { name, scopes: scopes === null ? null : [...scopes], expiresAt, ...(maker !== null && { maker }) };
		audit({ at: now, ...by, action: `${kind}.create`, object: id, outcome: 'done', detail });
		return expiresAt;
	};
});

type Named = Pick<CredentialRecord, 'id'> & { kind: CredentialKind };

/**
 * Takes a credential back for good, with all that was made by it, and by those, and answers their ids; throws
 * `not-found`. What made which is known from the audit log, which forgets it with the person only.
 */
export const revokeCredential = writeOperation('accounts.revoke-credential', (db) => {
	const live = db.prepare('SELECT id, kind FROM credentials WHERE user_seq = ? AND revoked_at IS NULL ORDER BY seq');
	const revoke = db.prepare('UPDATE credentials SET revoked_at = ? WHERE id = ?');
	const detailOf = prepareDetailOf(db);
	const audit = prepareAudit(db);
	return (args: { id: string; kind: CredentialKind; userSeq: number; by: Doer; now: number }): string[] => {
		const { userSeq, by, now } = args;
		const left = live.all(userSeq) as Named[];
		const named = left.find(({ id, kind }) => id === args.id && kind === args.kind);
		if (!named) throw new CodedError('not-found');
		const madeBy = new Map<unknown, Named[]>();
		for (const one of left) {
			const { maker } = detailOf(`${one.kind}.create`, one.id);
			if (maker !== undefined) madeBy.set(maker, [...(madeBy.get(maker) ?? []), one]);
		}
		const ending = [named];
		for (const { id, kind } of ending) {
			revoke.run(now, id);
			const detail = id === named.id ? {} : { with: named.id };
			audit({ at: now, ...by, action: `${kind}.revoke`, object: id, outcome: 'done', detail });
			ending.push(...(madeBy.get(id) ?? []));
		}
		return ending.map(({ id }) => id);
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
