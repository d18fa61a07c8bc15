import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { type MailSettings, mailSettingsSchema } from '../../shared/protocol/mail.ts';
import { SmtpStandIn } from '../../test/support/smtp-stand-in.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { hasOpenssl, makeCertificate } from '../../test/support/test-certificate.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { tracesOfWord } from '../../test/support/traces.ts';
import type { Ledger } from '../database/ledger.ts';
import { type WriteOperation, writeOperation } from '../database/operation.ts';
import { OPERATIONS } from '../operations.ts';
import { ANY_VERSION } from '../qos/version-condition.ts';
import { createLogger } from '../report/logger.ts';
import { Secrets } from '../secrets/secrets.ts';
import { alertMail } from './alert-mail.ts';
import { Mail } from './mail.ts';
import { MailOutbox, type Send } from './mail-outbox.ts';
import { readMail } from './mail-store.ts';
import { noteMailTry, prepareAddMail } from './outbox-store.ts';
import { sendMail } from './send-mail.ts';
import { smtpTrouble } from './smtp-trouble.ts';

const MINUTE = 60_000;
const PASSWORD = 'zanzibar-canary';
const BY = { actor: 'usr_root', address: '192.0.2.1' };
const how = { condition: ANY_VERSION, by: BY };
const logger = createLogger('silent');
/** Writes down a mail as alerts do. */
const addMail = writeOperation('test.add-mail', (db) => {
	const add = prepareAddMail(db);
	return ({ title, at }: { title: string; at: number }) => add(alertMail([{ title, text: 'It is so.' }], 'here'), at);
});

let folder: TempFolder;
let ledger: TestLedger;
let db: Database.Database;
let secrets: Secrets;
let server: SmtpStandIn;
let mail: Mail;
let outbox: MailOutbox;
let now: number;

const openOutbox = (inLedger: Pick<Ledger, 'read' | 'write'> = ledger, send: Send = sendMail): MailOutbox =>
	new MailOutbox({ ledger: inLedger, logger, send, open: (row) => mail.open(row), now: () => now, random: () => 1 });

beforeEach(async () => {
	folder = new TempFolder();
	ledger = new TestLedger({ file: folder.join('ledger.db'), operations: [...OPERATIONS, addMail] });
	db = new Database(folder.join('ledger.db'));
	secrets = await Secrets.open({ ledger, logger, keyFile: folder.join('secret.key') });
	server = await SmtpStandIn.start({ credentials: { user: 'ops', password: PASSWORD } });
	now = Date.now();
	mail = new Mail({ ledger, secrets, send: sendMail, place: 'here', wake: () => {} });
	outbox = openOutbox();
});
afterEach(async () => {
	await outbox[Symbol.asyncDispose]();
	await server[Symbol.asyncDispose]();
	db.close();
	await ledger[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

const settings = (more: object = {}): MailSettings =>
	mailSettingsSchema.parse({
		...{ host: '127.0.0.1', port: server.port, tls: 'none', user: 'ops', password: PASSWORD },
		...{ from: 'millrace@example.org', to: ['ada@example.org', 'bob@example.org'] },
		...more,
	});
const set = (more: object = {}) => mail.set(settings(more), how);
const alert = (title = 'disk fails') => ledger.write(addMail, { title, at: now });
const later = async (ms = 0) => {
	now += ms;
	outbox.wake();
	await outbox.settled();
};
const ids = () => server.mails.map((one) => SmtpStandIn.header(one, 'Message-ID'));

describe('the settings', () => {
	it('keep the password sealed, out of views and of the audit log', async () => {
		const view = await set();
		expect(view).toMatchObject({
			...{ version: 1, waiting: 0, error: null },
			server: { host: '127.0.0.1', user: 'ops', hasPassword: true, to: ['ada@example.org', 'bob@example.org'] },
		});
		expect(JSON.stringify(view)).not.toContain(PASSWORD);
		expect(tracesOfWord(db, PASSWORD)).toEqual([]);
		const [entry] = db.prepare(`SELECT action, detail FROM audit_log WHERE action = 'mail.set'`).all() as {
			detail: string;
		}[];
		expect(JSON.parse(entry!.detail)).toMatchObject({ host: '127.0.0.1', password: 'given' });
		await mail.remove(how);
		expect((await mail.read()).server).toBeNull();
		await expect(mail.remove(how)).rejects.toMatchObject({ code: 'not-found' });
	});

	it('tell the password to no other server than the one that it was given for', async () => {
		await set();
		const other = { password: undefined };
		for (const change of [{ host: 'localhost' }, { port: 1 }, { user: 'eve' }]) {
			await expect(set({ ...other, ...change }), JSON.stringify(change)).rejects.toMatchObject({ code: 'invalid' });
		}
		await set({ ...other, to: ['carl@example.org'] });
		expect(await mail.test(BY)).toMatchObject({ accepted: true });
		await expect(set({ host: 'mail.example.org' })).rejects.toMatchObject({ fields: [{ path: 'tls' }] });
		await expect(
			mail.set(settings(), { ...how, condition: { ifMatch: ['1'], ifNoneMatch: null } }),
		).rejects.toMatchObject({
			code: 'precondition-failed',
		});
	});

	it('have no room for a second recipient, a header or a host of another kind', () => {
		const bad: object[] = ['a@b\r\nBcc: x@y', 'a@b, x@y', '<a@b>', 'a b@c', '@b', 'a@', 'a@-b'].flatMap((address) => [
			{ from: address },
			{ to: [address] },
		]);
		bad.push(
			{ host: 'a b' },
			{ host: 'a\r\nb' },
			{ host: 'a/b' },
			{ port: 0 },
			{ to: [] },
			{ user: 'a\0b' },
			{ extra: 1 },
		);
		for (const more of bad) {
			expect(mailSettingsSchema.safeParse({ ...settings(), ...more }).success, JSON.stringify(more)).toBe(false);
		}
	});
});

describe('trying it out', () => {
	it('sends a mail, and tells what the server said', async () => {
		await expect(mail.test(BY)).rejects.toMatchObject({ code: 'not-found' });
		await set();
		expect(await mail.test(BY)).toEqual({
			...{ accepted: true, what: 'The server took the mail.', do: null, refused: [] },
			answer: '250 2.0.0 taken as 1234',
		});
		expect(server.mails[0]?.to).toEqual(['ada@example.org', 'bob@example.org']);
		expect(db.prepare(`SELECT count(*) FROM audit_log WHERE action = 'mail.test'`).pluck().get()).toBe(1);
	});

	it.each<[string, object, (word: string) => string | null | undefined, RegExp]>([
		['another password', { password: 'wrong one' }, () => undefined, /refused user or password/],
		[
			'a password that is refused for now',
			{},
			(word) => (word === 'AUTH' ? '454 later' : undefined),
			/password for the time being/,
		],
		[
			...(['no way to sign in', {}] as const),
			(word: string) => (word === 'EHLO' ? '250 stand-in' : word === 'AUTH' ? '502 5.5.1 what?' : undefined),
			/refused user or password/,
		],
		[
			'a sender that is refused',
			{},
			(word) => (word === 'MAIL' ? '550 5.7.1 not you' : undefined),
			/refused the sender/,
		],
		['recipients that are', {}, (word) => (word === 'RCPT' ? '550 5.1.1 who?' : undefined), /refused all recipients/],
		['a mail that is', {}, (word) => (word === 'END' ? '554 5.6.0 spam' : undefined), /refused the mail/],
		['garbage', {}, (word) => (word === 'CONNECT' ? '\x00\xff HTTP/1.1 400 Bad' : undefined), /is no mail server/],
		[
			'an answer without end',
			{},
			(word) => (word === 'EHLO' ? `250-${'x'.repeat(100_000)}` : undefined),
			/is no mail server/,
		],
		['a closed connection', {}, (word) => (word === 'CONNECT' ? '' : undefined), /closed the connection/],
		['no TLS', { tls: 'starttls' }, () => undefined, /offers no TLS/],
		['TLS of the wrong kind', { tls: 'implicit' }, () => undefined, /does not speak TLS/],
		['a port where nobody is', { port: 1 }, () => undefined, /Nothing takes connections/],
	])('says in words what is wrong: %s', async (_, more, says, words) => {
		await set(more);
		server.says = says;
		const told = await mail.test(BY);
		expect(told).toMatchObject({
			accepted: false,
			what: expect.stringMatching(words),
			do: expect.stringMatching(/\w/),
		});
	});

	it.each([
		[{ code: 'EDNS', message: 'x' }, /no host mail\.lab/],
		[{ code: 'ESOCKET', originalCode: 'ENETUNREACH', message: 'x' }, /cannot be reached/],
		[{ code: 'ETIMEDOUT', timeoutType: 'CONNECT_TIMEOUT', message: 'x' }, /does not answer/],
		[{ code: 'ESOCKET', originalCode: 'CERT_HAS_EXPIRED', message: 'x' }, /has expired/],
		[{ code: 'ESOCKET', originalCode: 'ERR_TLS_CERT_ALTNAME_INVALID', message: 'x' }, /another name/],
		[new Error('of no known kind'), /closed the connection/],
	])('says in words what no stand-in can show: %o', (error, words) => {
		const told = smtpTrouble(error, { host: 'mail.lab', port: 587, tls: 'starttls' }, (text) => text);
		expect(told).toMatchObject({ what: expect.stringMatching(words), do: expect.stringMatching(/\w/), answer: null });
	});

	it('repeats no password, whatever the server answers', async () => {
		await set();
		const base64 = Buffer.from(`\0ops\0${PASSWORD}`).toString('base64');
		server.says = (word) => (word === 'AUTH' ? `535 ${PASSWORD} is wrong, you said ${base64}` : undefined);
		const told = await mail.test(BY);
		expect(told.answer).toContain('535');
		expect(JSON.stringify(told)).not.toContain(PASSWORD);
		expect(JSON.stringify(told)).not.toContain(base64);
		expect(tracesOfWord(db, PASSWORD)).toEqual([]);
	});

	it.each([
		['two lines', `535-${PASSWORD.slice(0, 8)}\r\n535 ${PASSWORD.slice(8)}`],
		['base64 of something around it', `535 5.7.8 ${Buffer.from(`xy${PASSWORD}z`).toString('base64')}`],
		['letters apart', `535 5.7.8 ${[...PASSWORD].join(' ')}`],
	])('tells only the numbers of what is said to a password, such as %s', async (_, answer) => {
		await set();
		server.says = (word) => (word === 'AUTH' ? answer : undefined);
		expect((await mail.test(BY)).answer).toMatch(/^535( 5\.7\.8)?$/);
	});

	it.each([
		['two lines', `550-no ${PASSWORD.slice(0, 8)} here\r\n550 ${PASSWORD.slice(8)}`, '550-no ••• here'],
		['base64 of something around it', `550 no ${Buffer.from(`xy${PASSWORD}`).toString('base64')}`, '550 no •••'],
		['a piece of it', `550 5.7.1 no ${PASSWORD.slice(3, 9)}`, '550 5.7.1 no •••'],
	])('masks the password in what is said later: %s', async (_, answer, told) => {
		await set();
		server.says = (word) => (word === 'MAIL' ? answer : undefined);
		expect((await mail.test(BY)).answer).toBe(told);
	});

	it('names who was refused when others were not', async () => {
		await set();
		let asked = 0;
		server.says = (word) => (word === 'RCPT' && ++asked === 2 ? '550 5.1.1 who?' : undefined);
		expect(await mail.test(BY)).toMatchObject({
			accepted: true,
			refused: ['bob@example.org'],
			do: expect.stringContaining('bob@'),
		});
	});

	it.each([
		['says nothing', 'CONNECT', /said nothing/],
		['stops in the middle', 'MAIL', /stopped answering/],
		['never says whether it took it', 'END', /stopped answering/],
	])('waits no longer than it may for a server that %s', async (_, word, words) => {
		await set();
		server.says = (said) => (said === word ? null : undefined);
		const { row } = await ledger.read(readMail, null);
		const open = mail.open(row!);
		const outgoing = { messageId: '<a@b>', subject: 's', body: 'b', createdAt: now };
		// What is to run out first is the other one.
		const pace = { connectMs: word === 'CONNECT' ? 300 : 60_000, silentMs: word === 'CONNECT' ? 60_000 : 300 };
		expect(await sendMail(open, outgoing, new AbortController().signal, pace)).toMatchObject({
			...{ ok: false, what: expect.stringMatching(words) },
		});
		const whole = { connectMs: 60_000, silentMs: 60_000, wholeMs: 300 };
		expect(await sendMail(open, outgoing, new AbortController().signal, whole)).toMatchObject({ ok: false });
	});

	describe.skipIf(!hasOpenssl)('over TLS (needs openssl)', () => {
		it.each([
			['starttls', false],
			['implicit', true],
		] as const)('%s trusts a self-signed certificate only when it was given', async (tls, implicit) => {
			const { cert, key } = makeCertificate(folder);
			await using sealed = await SmtpStandIn.start({
				...{ tls: { cert, key, implicit }, credentials: { user: 'ops', password: PASSWORD } },
			});
			const there = { host: 'localhost', port: sealed.port, tls };
			await set(there);
			expect(await mail.test(BY)).toMatchObject({
				accepted: false,
				what: expect.stringContaining('self-signed'),
				do: expect.stringContaining('--ca'),
			});
			expect(sealed.commands.filter((line) => line.startsWith('AUTH'))).toEqual([]);
			await set({ ...there, ca: cert });
			expect(await mail.test(BY)).toMatchObject({ accepted: true });
			await expect(set({ ...there, ca: 'nonsense' })).rejects.toMatchObject({ fields: [{ path: 'ca' }] });
		});
	});
});

describe('mails', () => {
	beforeEach(() => set());

	test('go to all recipients as plain text, marked as made by a machine', async () => {
		await alert('disk fails\r\nBcc: eve@example.org');
		await later();
		const [one] = server.mails;
		expect(one).toMatchObject({
			to: ['ada@example.org', 'bob@example.org'],
			text: expect.stringContaining('It is so.'),
		});
		const header = (name: string) => SmtpStandIn.header(one!, name);
		expect([header('Bcc'), header('Auto-Submitted')]).toEqual([undefined, 'auto-generated']);
		expect(header('Subject')).toBe('Millrace: disk fails Bcc: eve@example.org (here)');
		expect(header('Message-ID')).toMatch(/^<[0-9a-f]{32}@example\.org>$/);
		expect(header('Content-Type')).toMatch(/^text\/plain/);
		expect(await mail.read()).toMatchObject({ waiting: 0, lastSentAt: new Date(now).toISOString() });
		expect(tracesOfWord(db, 'disk fails')).toEqual([]);
		await later(10 * MINUTE);
		expect(server.mails).toHaveLength(1);
	});

	test('that are not taken are sent again later with the same Message-ID; what is behind waits, and then goes with it', async () => {
		let says: string | undefined = '451 4.7.1 greylisted';
		server.says = (word) => (word === 'END' ? says : undefined);
		await alert('one');
		await later();
		await alert('two');
		await later(MINUTE - 1);
		expect(await mail.read()).toMatchObject({
			waiting: 2,
			error: expect.stringContaining('greylisted'),
			failingSince: expect.any(String),
		});
		says = undefined;
		const before = server.mails.length;
		await later(1);
		await later(5 * MINUTE);
		const sent = server.mails.slice(before).map((each) => SmtpStandIn.header(each, 'Message-ID'));
		expect(sent).toHaveLength(2);
		expect(new Set(sent)).toEqual(new Set(ids().slice(0, before)));
		expect(await mail.read()).toMatchObject({ waiting: 0, error: null, failingSince: null });
	});

	test('are sent again, the same, when the process ended between sending and noting it', async () => {
		await alert();
		const dying: Pick<Ledger, 'read' | 'write'> = {
			read: (operation, args) => ledger.read(operation, args),
			write: <A, R>(operation: WriteOperation<A, R>, args: A) =>
				operation.name === noteMailTry.name ? Promise.reject(new Error('killed')) : ledger.write(operation, args),
		};
		const first = openOutbox(dying);
		first.wake();
		await first.settled();
		await first[Symbol.asyncDispose]();
		expect(server.mails).toHaveLength(1);
		await later();
		expect(server.mails).toHaveLength(2);
		expect(server.mails[0]?.text).toBe(server.mails[1]?.text);
		expect(ids()[0]).toBe(ids()[1]);
	});

	test('are given up after a day and more; other settings begin again at once', async () => {
		server.says = (word) => (word === 'CONNECT' ? '554 no' : undefined);
		await alert();
		await later();
		for (const minutes of [1, 5, 30, 120, 360, 720]) await later(minutes * MINUTE);
		await alert('younger');
		await later(1_440 * MINUTE);
		await later(MINUTE);
		expect(await mail.read()).toMatchObject({ gaveUp: 1, waiting: 1 });
		server.says = () => undefined;
		now = Math.max(now, Date.now());
		await set({ to: ['carl@example.org'] });
		await later();
		expect(server.mails).toMatchObject([{ to: ['carl@example.org'], text: expect.stringContaining('younger') }]);
		await mail.forgetOld(now + 15 * 1_440 * MINUTE);
		expect(db.prepare('SELECT count(*) FROM mails').pluck().get()).toBe(0);
	});

	test('are no storm: two hundred wait at most, and one tells of all that changed at once', async () => {
		for (let i = 0; i < 250; i++) await alert(`check ${i}`);
		expect(await mail.read()).toMatchObject({ waiting: 200, dropped: 50 });
		const told = Array.from({ length: 500 }, (_, i) => ({ title: `check ${i} fails`, text: 'It is so.' }));
		const { subject, body } = alertMail(told, 'https://millrace.example');
		expect(subject).toBe('Millrace: 500 checks have changed (https://millrace.example)');
		expect(body).toContain('check 499 fails');
		await mail.remove(how);
		expect(await mail.read()).toMatchObject({ waiting: 0, server: null });
		expect(await alert()).toBe(false);
	});
});
