import { isLoopbackName } from '../../../shared/loopback-name.ts';
import { EXIT } from '../exit-codes.ts';
import { CliError, usageError } from '../failure.ts';

/** Where a coordinator listens unless told otherwise. */
export const DEFAULT_URL = 'http://127.0.0.1:8080';

/** Without a scheme it is HTTPS, or HTTP when it is this machine. */
const parse = (text: string): URL | null => {
	if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return URL.canParse(text) ? new URL(text) : null;
	if (!URL.canParse(`https://${text}`)) return null;
	const secure = new URL(`https://${text}`);
	return isLoopbackName(secure.hostname) ? new URL(`http://${text}`) : secure;
};

/**
 * The address in its plain form, without a slash at its end. Refuses what is no HTTP address, what carries a password,
 * and plain HTTP to another machine unless that was agreed to: the token could be read on the way.
 */
export const serverAddress = (text: string, allow: { insecureHttp: boolean }): string => {
	const url = parse(text);
	if (url === null || !['http:', 'https:'].includes(url.protocol)) {
		throw usageError(`${text} is not the address of a server; give one such as https://millrace.example.`);
	}
	if (url.username !== '' || url.password !== '') {
		throw usageError(
			'Leave name and password out of the address: use --user, and --password-stdin or MILLRACE_PASSWORD.',
		);
	}
	if (url.search !== '' || url.hash !== '')
		throw usageError(`Leave everything from ? or # on out of the address ${text}.`);
	if (url.protocol === 'http:' && !allow.insecureHttp && !isLoopbackName(url.hostname)) {
		const why = `Plain HTTP to ${url.hostname} would show your password, token and files to the network.`;
		throw new CliError(EXIT.failed, `${why} Use https://, or add --insecure-http if the network is yours alone.`);
	}
	return url.href.replace(/\/+$/, '');
};
