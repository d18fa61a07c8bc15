import { X509Certificate } from 'node:crypto';
import { CodedError } from '../../shared/coded-error.ts';
import { isLoopbackName } from '../../shared/loopback-name.ts';
import { MAIL_PORTS, type MailSettings, type MailTest, type MailView } from '../../shared/protocol/mail.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import type { VersionCondition } from '../qos/version-condition.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Send } from './mail-outbox.ts';
import { type MailRow, type MailServer, noteMailTest, readMail, removeMail, setMail } from './mail-store.ts';
import { forgetMails, messageIdAt } from './outbox-store.ts';
import type { OpenServer } from './send-mail.ts';

const KEPT_MS = 14 * 86_400_000;
const FORGOTTEN_AT_ONCE = 1_000;
/** The password belongs to the installation, and to nothing else. */
const IDENTITY = { id: 'mail', owner: 'installation' };

/** Where alerts go by mail, as administrators set it up and try it out. */
export class Mail {
	readonly #ledger: Pick<Ledger, 'read' | 'write'>;
	readonly #secrets: Pick<Secrets, 'seal' | 'unseal'>;
	readonly #send: Send;
	readonly #place: string;
	readonly #wake: () => void;

	constructor(options: {
		ledger: Pick<Ledger, 'read' | 'write'>;
		secrets: Pick<Secrets, 'seal' | 'unseal'>;
		send: Send;
		/** Which coordinator it is, for people. */
		place: string;
		/** There may be mails to send. */
		wake: () => void;
	}) {
		this.#ledger = options.ledger;
		this.#secrets = options.secrets;
		this.#send = options.send;
		this.#place = options.place;
		this.#wake = options.wake;
	}

	async read(): Promise<MailView> {
		return viewOf(await this.#ledger.read(readMail, null));
	}

	/** Throws `invalid` for a password over an open line, or one that has to be given again. */
	async set(settings: MailSettings, how: { condition: VersionCondition; by: Doer }): Promise<MailView> {
		const { host, tls, user, password, from, to, ca } = settings;
		if (user === null && password !== undefined) throw invalid('user', 'is needed with a password');
		if (user !== null && tls === 'none' && !isLoopbackName(host) && host !== '::1') {
			throw invalid(
				'tls',
				'must be starttls or implicit when there is a password: else everybody on the way can read it',
			);
		}
		if (ca !== null && !isCertificate(ca)) throw invalid('ca', 'is no certificate in PEM');
		const server: MailServer = {
			...{ host, port: settings.port ?? MAIL_PORTS[tls], tls, username: user, sender: from, ca },
			recipients: JSON.stringify([...new Set(to)]),
		};
		const sealed = password === undefined ? null : this.#secrets.seal(IDENTITY, password);
		await this.#ledger.write(setMail, { ...how, server, password: sealed, now: Date.now() });
		this.#wake();
		return this.read();
	}

	remove(how: { condition: VersionCondition; by: Doer }): Promise<void> {
		return this.#ledger.write(removeMail, { ...how, now: Date.now() });
	}

	/** Sends a mail that means nothing, now, and tells how it went. Throws `not-found` when mail is not set up. */
	async test(by: Doer): Promise<MailTest> {
		const { row } = await this.#ledger.read(readMail, null);
		if (!row) throw new CodedError('not-found', 'Mail is not set up yet: millrace admin mail set');
		const now = Date.now();
		const mail = {
			...{ messageId: messageIdAt(row.sender), createdAt: now, subject: `Millrace: a test (${this.#place})` },
			body: `Alerts of the coordinator ${this.#place} reach you here. Nothing is wrong.\n`,
		};
		const sent = await this.#send(this.open(row), mail, new AbortController().signal);
		const { answer } = sent;
		await this.#ledger.write(noteMailTest, { accepted: sent.ok, answer, by, now: Date.now() });
		if (!sent.ok) return { accepted: false, what: sent.what, do: sent.do, answer, refused: [] };
		this.#wake();
		const { refused } = sent;
		const what = refused.length === 0 ? 'The server took the mail.' : 'The server took the mail, but not for all.';
		const todo = refused.length === 0 ? null : `Correct the addresses, or leave them out: ${refused.join(', ')}`;
		return { accepted: true, what, do: todo, answer, refused };
	}

	/** How it goes, for the check; null: it is not set up. */
	async standing() {
		const { row, waiting, gaveUp } = await this.#ledger.read(readMail, null);
		if (!row) return null;
		const { failingSince, error, recipients } = row;
		return { recipients: (JSON.parse(recipients) as string[]).length, failingSince, error, waiting, gaveUp };
	}

	/** Throws `secret-missing` when the password does not open. */
	open(row: MailRow): OpenServer {
		const { nonce, sealed } = row;
		return { ...row, password: nonce && sealed ? this.#secrets.unseal(IDENTITY, { nonce, sealed }) : null };
	}

	async forgetOld(now: number): Promise<void> {
		const args = { before: now - KEPT_MS, limit: FORGOTTEN_AT_ONCE };
		while (await this.#ledger.write(forgetMails, args));
	}
}

const invalid = (path: string, message: string): CodedError =>
	new CodedError('invalid', `${path} ${message}.`, { fields: [{ path, message }] });

const isCertificate = (pem: string): boolean => {
	try {
		return new X509Certificate(pem).subject !== undefined;
	} catch {
		return false;
	}
};

const instant = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

const viewOf = ({ row, waiting, gaveUp }: { row: MailRow | null; waiting: number; gaveUp: number }): MailView => ({
	version: row?.version ?? 0,
	server: row && {
		...{ host: row.host, port: row.port, tls: row.tls, user: row.username, hasPassword: row.sealed !== null },
		...{ from: row.sender, to: JSON.parse(row.recipients) as string[], hasCa: row.ca !== null },
	},
	...{ waiting, gaveUp, dropped: row?.dropped ?? 0, error: row?.error ?? null },
	...{ lastSentAt: instant(row?.lastSentAt ?? null), failingSince: instant(row?.failingSince ?? null) },
});
