import { MAIL_PORTS, type MailTls, type MailView } from '../../../shared/protocol/mail.ts';

/** What stands in the form. */
export interface MailDraft {
	host: string;
	/** Empty: the usual one. */
	port: string;
	tls: MailTls;
	user: string;
	/** Empty: it stays as it is. */
	password: string;
	from: string;
	/** Addresses by commas or lines. */
	to: string;
	/** Empty: none, or with `keepsCa` the one that is there. */
	ca: string;
}

export const draftOf = (server: MailView['server']): MailDraft => ({
	host: server?.host ?? '',
	port: server === null || server.port === MAIL_PORTS[server.tls] ? '' : String(server.port),
	tls: server?.tls ?? 'starttls',
	user: server?.user ?? '',
	password: '',
	from: server?.from ?? '',
	to: server?.to.join(', ') ?? '',
	ca: '',
});

const addresses = (text: string): string[] =>
	text
		.split(/[\s,;]+/)
		.filter((address) => address !== '')
		.slice(0, 21);

/** As the API takes it; what does not fit is the API's to tell. */
export const wishOf = ({ host, port, tls, user, password, from, to, ca }: MailDraft) => ({
	...{ host: host.trim(), tls, user: user === '' ? null : user, from: from.trim(), to: addresses(to) },
	...(port === '' ? {} : { port: Number(port) }),
	...(password === '' ? {} : { password }),
	...(ca.trim() === '' ? {} : { ca }),
});

/** What somebody else has changed meanwhile: what it was when the form was filled, and what it is now. */
export const changedMeanwhile = (
	before: MailView['server'],
	now: MailView['server'],
): { name: string; was: string; is: string }[] => {
	const told = (server: MailView['server']) => ({
		host: server?.host ?? '',
		port: server === null ? '' : String(server.port),
		tls: server?.tls ?? '',
		user: server?.user ?? '',
		from: server?.from ?? '',
		to: server?.to.join(', ') ?? '',
	});
	const [was, is] = [told(before), told(now)];
	return (Object.keys(was) as (keyof typeof was)[])
		.filter((name) => was[name] !== is[name])
		.map((name) => ({ name, was: was[name], is: is[name] }));
};
