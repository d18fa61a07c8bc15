import { CodedError } from '../../shared/coded-error.ts';
import type { Role } from '../../shared/protocol/account.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';

/** True of a user `u` whose role needs a second factor and who has none. */
export const MUST_ENROL = `(EXISTS (SELECT 1 FROM second_factor_roles r WHERE r.role = u.role)
	AND NOT EXISTS (SELECT 1 FROM second_factors f WHERE f.user_seq = u.seq AND f.confirmed_at IS NOT NULL))`;

export const readSecondFactorRule = readOperation('accounts.read-second-factor-rule', (db) => {
	const select = db.prepare('SELECT role FROM second_factor_roles ORDER BY role').pluck();
	return (_: null) => select.all() as Role[];
});

/**
 * Which roles need a second factor; answers who is signed in and must set one up now. Who has none cannot demand it of the
 * own role: that would be found out by being shut out.
 */
export const setSecondFactorRule = writeOperation('accounts.set-second-factor-rule', (db) => {
	const select = db.prepare('SELECT role FROM second_factor_roles ORDER BY role').pluck();
	const clear = db.prepare('DELETE FROM second_factor_roles');
	const insert = db.prepare('INSERT OR IGNORE INTO second_factor_roles (role) VALUES (?)');
	const mustEnrol = db.prepare(`SELECT 1 FROM users u WHERE u.seq = ? AND ${MUST_ENROL}`).pluck();
	const affected = db
		.prepare(`SELECT DISTINCT s.user_seq FROM sessions s JOIN users u ON u.seq = s.user_seq WHERE ${MUST_ENROL}`)
		.pluck();
	const audit = prepareAudit(db);
	return ({
		roles,
		userSeq,
		by,
		now,
	}: {
		roles: readonly Role[];
		userSeq: number;
		by: Doer;
		now: number;
	}): number[] => {
		const before = select.all() as Role[];
		clear.run();
		for (const role of roles) insert.run(role);
		if (mustEnrol.get(userSeq) !== undefined) {
			throw new CodedError('wrong-state', 'Set up your own second factor first: from then on you need it yourself.');
		}
		const detail = { before, after: select.all() as Role[] };
		audit({ at: now, ...by, action: 'second-factor.require', object: 'second-factor', outcome: 'done', detail });
		return affected.all() as number[];
	};
});
