import { noteMailTest, readMail, removeMail, setMail } from './mail-store.ts';
import { forgetMails, noteMailTry, readDueMail } from './outbox-store.ts';

/** All SQL of this room. */
export const MAIL_OPERATIONS = [readMail, setMail, removeMail, readDueMail, noteMailTry, noteMailTest, forgetMails];
