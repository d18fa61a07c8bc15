import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Place } from '../../drive/place.ts';
import { escapeXml } from './xml/write-xml.ts';

const POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Browsers name it before all else; programs that open drives do not. */
export const prefersPage = ({ headers }: IncomingMessage): boolean => /^\s*text\/html\b/i.test(headers.accept ?? '');

/** Where the portal shows the same. */
const portalOf = (place: Place): string => {
	if (place.area === 'top') return '/files';
	const names = place.area === 'datasets' ? place.names.slice(0, 1) : place.names;
	return ['', place.area, ...names].map(encodeURIComponent).join('/');
};

/** What a person reads whose browser opens a folder's address; `allow` has been said already. */
export const sendFolderPage = (response: ServerResponse, place: Place): void => {
	const body = Buffer.from(
		`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Network drive</title>
<h1>This is a folder of a network drive</h1>
<p>A browser does not show it. <a href="${escapeXml(portalOf(place))}">Open it in the portal</a>, where “Open as network drive” under Files tells how a computer does.</p>
`,
	);
	response.writeHead(405, {
		'content-type': 'text/html; charset=utf-8',
		'content-length': body.length,
		'content-security-policy': POLICY,
	});
	response.end(body);
};
