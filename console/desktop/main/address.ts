import { isLoopbackName } from '../../../shared/loopback-name.ts';

/** The renderer's origin: a scheme of our own, whose one host stands for the current coordinator. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'millrace';
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;
/** Where the page is, as at a coordinator's own address. */
export const PAGE_PATH = '/console/';
export const PAGE_URL = APP_ORIGIN + PAGE_PATH;

/** Whether an address is of our own origin. Parsed and compared as a whole: beginnings can be forged. */
export const isOwnUrl = (url: string): boolean => {
	const parsed = URL.canParse(url) ? new URL(url) : null;
	return parsed !== null && parsed.protocol === `${APP_SCHEME}:` && parsed.host === APP_HOST;
};

/** A coordinator's address as it is kept: without a slash at its end. Throws a sentence for what cannot be one. */
export const coordinatorUrl = (typed: string): string => {
	const url = URL.canParse(typed.trim()) ? new URL(typed.trim()) : null;
	if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
		throw new Error('Give an address that begins with https://, such as https://millrace.example:8443.');
	if (url.username !== '' || url.password !== '')
		throw new Error('Leave name and password out of the address; you sign in later.');
	if (url.search !== '' || url.hash !== '') throw new Error('Leave out of the address what begins with ? or #.');
	if (url.protocol === 'http:' && !isLoopbackName(url.hostname))
		throw new Error(
			'By http:// your password would go over the network for everybody to read. Give the coordinator a certificate (a self-signed one is enough: you approve of it here) and use https://.',
		);
	return (url.origin + url.pathname).replace(/\/+$/, '');
};
