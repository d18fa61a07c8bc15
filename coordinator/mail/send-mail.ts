import { cleanerOf } from './clean-answer.ts';
import type { MailServer } from './mail-store.ts';
import type { DueMail } from './outbox-store.ts';
import { type SmtpTrouble, smtpTrouble } from './smtp-trouble.ts';

/** Within these a server has to take the connection and to say who it is, and to go on once it has begun. */
const CONNECT_MS = 10_000;
const SILENT_MS = 20_000;
/** All of it, however slowly it goes on. */
const WHOLE_MS = 60_000;
/** Of one answer. */
const MOST_ANSWER_BYTES = 64 * 1024;

export type OutgoingMail = Pick<DueMail, 'messageId' | 'subject' | 'body' | 'createdAt'>;

/** A mail server as it is to be asked. */
export interface OpenServer extends MailServer {
	/** In the clear; null: it wants none. */
	password: string | null;
}

export type Sent = { ok: true; answer: string; refused: string[] } | ({ ok: false } & SmtpTrouble);

export interface SmtpPace {
	connectMs?: number;
	silentMs?: number;
	wholeMs?: number;
}

/** Sends one mail; what goes wrong is told, not thrown. Only when `signal` is aborted nobody knows whether it was sent. */
export const sendMail = async (
	server: OpenServer,
	mail: OutgoingMail,
	signal: AbortSignal,
	pace: SmtpPace = {},
): Promise<Sent> => {
	const { connectMs = CONNECT_MS, silentMs = SILENT_MS, wholeMs = WHOLE_MS } = pace;
	const { host, port, tls, username, password, ca } = server;
	const clean = cleanerOf(server);
	// Most coordinators never send one: it is loaded by those that do.
	const { createTransport } = await import('nodemailer');
	const transport = createTransport({
		...{ host, port, secure: tls === 'implicit', requireTLS: tls === 'starttls', ignoreTLS: tls === 'none' },
		// Without forceAuth a mail would go out unsigned where a server offers no way to sign in.
		...(username === null ? {} : { auth: { user: username, pass: password ?? '' }, forceAuth: true }),
		tls: { minVersion: 'TLSv1.2', ...(ca === null ? {} : { ca }) },
		...{ connectionTimeout: connectMs, greetingTimeout: connectMs, dnsTimeout: connectMs, socketTimeout: silentMs },
		...{
			maxResponseSize: MOST_ANSWER_BYTES,
			socketCloseTimeout: 1_000,
			disableFileAccess: true,
			disableUrlAccess: true,
		},
	});
	try {
		const { response, rejected } = await transport.sendMail({
			...{ from: { name: 'Millrace', address: server.sender }, to: JSON.parse(server.recipients) as string[] },
			...{ subject: mail.subject, text: mail.body, messageId: mail.messageId, date: new Date(mail.createdAt) },
			// No machine is to answer that somebody is on holiday.
			headers: { 'Auto-Submitted': 'auto-generated' },
			signal: AbortSignal.any([signal, AbortSignal.timeout(wholeMs)]),
		});
		return { ok: true, answer: clean(response).slice(0, 500), refused: rejected.map(String) };
	} catch (error) {
		return { ok: false, ...smtpTrouble(error, server, clean) };
	}
};
