import type { Ledger } from '../database/ledger.ts';
import type { Logger } from '../report/logger.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { Mail } from './mail.ts';
import { MailOutbox } from './mail-outbox.ts';
import { sendMail } from './send-mail.ts';

/** Builds the room. Mails go out from the first `wake` on. */
export const openMail = (parts: { ledger: Ledger; logger: Logger; secrets: Secrets; place: string }) => {
	const { ledger, logger, secrets, place } = parts;
	const mail = new Mail({ ledger, secrets, send: sendMail, place, wake: () => outbox.wake() });
	const outbox: MailOutbox = new MailOutbox({ ledger, logger, send: sendMail, open: (row) => mail.open(row) });
	return { mail, outbox };
};
