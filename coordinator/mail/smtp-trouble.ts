import type { MailTls } from '../../shared/protocol/mail.ts';
import { codesOf } from './clean-answer.ts';

/** What went wrong with a mail, what to do about it, and what the server said, if it said something. */
export interface SmtpTrouble {
	what: string;
	do: string;
	answer: string | null;
}

/** What is looked at of an error of the mail library. */
interface SmtpError {
	code?: string | undefined;
	originalCode?: string | undefined;
	command?: string | undefined;
	response?: string | undefined;
	responseCode?: number | undefined;
	timeoutType?: string | undefined;
	message: string;
}

interface Where {
	host: string;
	port: number;
	tls: MailTls;
}

const MOST_ANSWER = 500;
const UNKNOWN_ISSUER: readonly string[] = [
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_GET_ISSUER_CERT',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];
const PORTS =
	'Usual are port 587 with --tls starttls, port 465 with --tls implicit, and port 25 within a network. Does a firewall let the coordinator out?';
const OTHER_TLS: Record<MailTls, string> = {
	starttls: 'If the server wants TLS from the first byte: --tls implicit, often with --port 465.',
	implicit: 'If the server begins in the open: --tls starttls, often with --port 587.',
	none: 'If the server wants TLS from the first byte: --tls implicit, often with --port 465.',
};
const words = (text: string): string =>
	text
		.replace(/\p{Cc}+/gu, ' ')
		.trim()
		.slice(0, MOST_ANSWER);

const certificate = (code: string): readonly [what: string, todo: string] | null => {
	if (UNKNOWN_ISSUER.includes(code)) {
		const what =
			'Its certificate is self-signed, or of an authority that this machine does not know, so nothing was sent.';
		return [what, 'If the server is yours, set its certificate, or that of your authority, with --ca cert.pem.'];
	}
	if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
		const what = `Its certificate ${code === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet'}, so nothing was sent.`;
		return [what, 'Have it renewed; if it is good, the clock of the coordinator’s machine is wrong.'];
	}
	if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
		return [
			'Its certificate is for another name, so nothing was sent.',
			'Set --host to the name that it was made for.',
		];
	}
	return null;
};

/** Where nobody answered, or not as a mail server. */
const connecting = (error: SmtpError, { host, port, tls }: Where): readonly [what: string, todo: string] => {
	const { code, originalCode, timeoutType } = error;
	const cause = originalCode ?? code ?? '';
	if (code === 'EDNS' || cause === 'ENOTFOUND' || cause === 'EAI_AGAIN') {
		return [
			`There is no host ${host}, as far as DNS says.`,
			'Is the name right, and does DNS work on the coordinator’s machine?',
		];
	}
	if (cause === 'ECONNREFUSED') return [`Nothing takes connections at ${host}:${port}.`, PORTS];
	if (cause === 'EHOSTUNREACH' || cause === 'ENETUNREACH') return [`${host} cannot be reached from here.`, PORTS];
	if (code === 'ETIMEDOUT' && timeoutType === 'CONNECT_TIMEOUT') return [`${host}:${port} does not answer.`, PORTS];
	if (code === 'ETIMEDOUT' && timeoutType === 'GREETING_TIMEOUT') {
		return [`${host}:${port} took the connection and said nothing.`, OTHER_TLS[tls]];
	}
	if (code === 'ETIMEDOUT' || code === 'EABORT') {
		return [`${host}:${port} stopped answering.`, 'Look at the mail server: it may be overloaded. It is tried again.'];
	}
	if (cause.startsWith('ERR_SSL') || (code === 'ETLS' && tls === 'implicit')) {
		return [`${host}:${port} does not speak TLS from the first byte.`, OTHER_TLS.implicit];
	}
	if (code === 'ETLS')
		return [
			`${host}:${port} offers no TLS, so nothing was sent.`,
			`${OTHER_TLS.starttls} Within your own network: --tls none.`,
		];
	if (code === 'EPROTOCOL') return [`What answers at ${host}:${port} is no mail server.`, PORTS];
	return [`${host}:${port} closed the connection.`, OTHER_TLS[tls]];
};

const refused = (error: SmtpError): readonly [what: string, todo: string] => {
	const { code, command = '', responseCode = 0 } = error;
	const later = responseCode >= 400 && responseCode < 500 ? ' for the time being' : '';
	if (code === 'EAUTH' || code === 'ENOAUTH') {
		const todo =
			'Set user and password again: millrace admin mail set. Many providers want an app password instead of your own.';
		return [`The server refused user or password${later}.`, todo];
	}
	if (command === 'MAIL FROM') {
		return [
			`The server refused the sender${later}.`,
			'Set --from to an address that this user may send as, and a --user if the server wants one.',
		];
	}
	if (command === 'RCPT TO') {
		return [
			`The server refused all recipients${later}.`,
			'Are the addresses in --to right, and may this user send to them? Most servers want a --user for that.',
		];
	}
	return [`The server refused the mail${later}.`, 'See its answer; whoever runs the mail server knows more.'];
};

/** What an error means for whoever set it up. `clean` takes the password out of what a server says. */
export const smtpTrouble = (error: unknown, where: Where, clean: (text: string) => string): SmtpTrouble => {
	const { code, originalCode, response, responseCode, command, timeoutType, message } = error as SmtpError;
	const known: SmtpError = {
		code,
		originalCode,
		response,
		responseCode,
		command,
		timeoutType,
		message: String(message),
	};
	const isRefusal = code === 'EAUTH' || code === 'ENOAUTH' || code === 'EENVELOPE' || code === 'EMESSAGE';
	const [what, todo] =
		certificate(originalCode ?? code ?? '') ?? (isRefusal ? refused(known) : connecting(known, where));
	if (typeof response !== 'string') return { what, do: todo, answer: null };
	// What it says to a password may be the password, in a form that nobody thought of.
	const isOfPassword = code === 'EAUTH' || code === 'ENOAUTH' || String(command).startsWith('AUTH');
	return { what, do: todo, answer: isOfPassword ? codesOf(response) : words(clean(response)) };
};
