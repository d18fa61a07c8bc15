import type { AlertTest } from '../../shared/protocol/mail.ts';
import { prepareAdministrators } from '../accounts/administrator-store.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { alertMail } from '../mail/alert-mail.ts';
import { prepareAddMail } from '../mail/mail-store.ts';
import { prepareCloseNotices, prepareTellPerson } from '../notices/notice-store.ts';
import type { DueAlert, Told } from './due-alerts.ts';

type StoredTold = Omit<Told, 'comesAndGoes'> & { name: string };

export const readAlerts = readOperation('health.read-alerts', (db) => {
	const select = db.prepare('SELECT name, told, told_at AS toldAt FROM alerts');
	return (_: null): StoredTold[] => select.all() as StoredTold[];
});

/**
 * Tells every administrator, their webhooks, and one mail all of it; answers how many deliveries there are to be made,
 * and whether there is a mail to be sent.
 */
export const tellAlerts = writeOperation('health.tell-alerts', (db) => {
	const administrators = prepareAdministrators(db);
	const note = db.prepare(
		`INSERT INTO alerts (name, told, told_at) VALUES (@name, @told, @toldAt)
		 ON CONFLICT (name) DO UPDATE SET told = @told, told_at = @toldAt`,
	);
	const tell = prepareTellPerson(db);
	const close = prepareCloseNotices(db);
	const addMail = prepareAddMail(db);
	return ({ due, place }: { due: readonly DueAlert[]; place: string }): { deliveries: number; mail: boolean } => {
		let deliveries = 0;
		const owners = administrators();
		for (const { name, told, toldAt, title, text } of due) {
			note.run({ name, told, toldAt });
			const words = { kind: 'health' as const, about: name, subject: name, title, text };
			for (const owner of owners) {
				// Only how it is now is left to be read, and how it was before stays below it.
				close(owner, 'health', name, toldAt);
				deliveries += tell(owner, words, toldAt);
			}
		}
		// A mail about mails that cannot be sent would come when it has long been mended.
		const mailed = due.filter(({ name }) => name !== 'mail');
		const [first] = mailed;
		return { deliveries, mail: first !== undefined && addMail(alertMail(mailed, place), first.toldAt) };
	};
});

/** Tells the same people something that means nothing. */
export const testAlerts = writeOperation('health.test-alerts', (db) => {
	const administrators = prepareAdministrators(db);
	const tell = prepareTellPerson(db);
	const addMail = prepareAddMail(db);
	const audit = prepareAudit(db);
	return ({ place, by, now }: { place: string; by: Doer; now: number }): AlertTest => {
		const said = { title: 'A test of the alerts', text: 'Alerts reach you here. Nothing is wrong.' };
		const words = { kind: 'health' as const, about: 'test', subject: 'test', ...said };
		const owners = administrators();
		const webhooks = owners.reduce((sum, owner) => sum + tell(owner, words, now), 0);
		const told = { administrators: owners.length, webhooks, mail: addMail(alertMail([said], place), now) };
		audit({ at: now, ...by, action: 'alerts.test', object: 'alerts', outcome: 'done', detail: told });
		return told;
	};
});
