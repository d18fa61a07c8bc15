import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PAGE_POLICY } from '../../../shared/page-policy.ts';
import type { Place, Profile } from '../../bridge.ts';
import { PAGE_PATH } from './address.ts';

/** What a built page's files are called; nothing else is looked for on the disk. */
const FILE_NAME = /^(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

const TYPES: Readonly<Record<string, string>> = {
	css: 'text/css; charset=utf-8',
	html: 'text/html; charset=utf-8',
	js: 'text/javascript; charset=utf-8',
	json: 'application/json',
	png: 'image/png',
	svg: 'image/svg+xml',
	woff2: 'font/woff2',
};

const HEADERS = {
	'content-security-policy': PAGE_POLICY,
	'cross-origin-opener-policy': 'same-origin',
	'cross-origin-resource-policy': 'same-origin',
	'referrer-policy': 'no-referrer',
	'x-content-type-options': 'nosniff',
	// They lie beside the program: nothing is won by keeping them twice.
	'cache-control': 'no-store',
};

const refuse = (status: number): Response => new Response(null, { status, headers: HEADERS });

const attribute = (text: string): string =>
	text.replaceAll(/[^\p{L}\p{N} ]/gu, (character) => `&#${character.codePointAt(0)};`);

/** The page is told by itself which coordinator it shows, before anything of it runs. */
const withPlace = (html: string, profile: Profile | null): string => {
	const told: Place | null = profile && {
		...{ name: profile.name, color: profile.color, isProduction: profile.isProduction },
		address: profile.url,
	};
	const meta = `<meta name="millrace-place" content="${attribute(JSON.stringify(told))}" />`;
	return html.replace('<head>', () => `<head>${meta}`);
};

/** Answers with a file of the built page, from below `folder` and from nowhere else. */
export const answerAsset = async (folder: string, profile: Profile | null, request: Request): Promise<Response> => {
	if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405);
	const { pathname } = new URL(request.url);
	if (!pathname.startsWith(PAGE_PATH)) return refuse(404);
	const name = pathname.slice(PAGE_PATH.length) || 'index.html';
	const type = TYPES[name.split('.').at(-1) ?? ''];
	if (!FILE_NAME.test(name) || name.includes('..') || type === undefined) return refuse(404);
	let content: Buffer;
	try {
		content = await readFile(join(folder, name));
	} catch {
		return refuse(404);
	}
	const body = name === 'index.html' ? withPlace(content.toString('utf8'), profile) : new Uint8Array(content);
	return new Response(request.method === 'HEAD' ? null : body, { headers: { ...HEADERS, 'content-type': type } });
};
