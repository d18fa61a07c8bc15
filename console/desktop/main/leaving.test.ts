import { expect, it } from 'vitest';
import { coordinatorUrl } from './address.ts';
import { linkIn, routeOfLink } from './deep-links.ts';
import { leave } from './leaving.ts';

const profile = (url: string) => ({ id: 'a', name: 'A', url, color: null, isProduction: false });
const current = profile('https://lab.example:8443/mill');

it('opens outside what is of the current coordinator, and nothing else', () => {
	const outside = (url: string) => ({ kind: 'outside', url });
	expect(leave('app://millrace/', current)).toEqual(outside('https://lab.example:8443/mill/'));
	expect(leave('app://millrace/api/docs#tasks', current)).toEqual(
		outside('https://lab.example:8443/mill/api/docs#tasks'),
	);
	expect(leave('https://lab.example:8443/x', current)).toEqual(outside('https://lab.example:8443/x'));
	expect(leave('http://127.0.0.1:8080/', profile('http://127.0.0.1:8080'))).toEqual(outside('http://127.0.0.1:8080/'));
	expect(leave('app://millrace/api/v1/audit.csv', current)).toMatchObject({ kind: 'save' });
	const denied = [
		'https://lab.example/',
		'http://lab.example:8443/',
		'https://lab.example:8443@evil.example/',
		'https://user@lab.example:8443/',
		'https://evil.example/?https://lab.example:8443/',
		'file:///etc/passwd',
		'javascript:alert(1)',
		'millrace://node/x',
		'app://millrace/console/',
		'app://other/',
		'',
	];
	expect(denied.filter((url) => leave(url, current).kind !== 'deny')).toEqual([]);
	expect(leave('app://millrace/', null)).toEqual({ kind: 'deny' });
});

it('reads links from outside strictly', () => {
	expect(routeOfLink('millrace://node/nod_01')).toBe('/nodes/nod_01');
	expect(routeOfLink('millrace://task/tsk_01/')).toBe('/tasks/tsk_01');
	const wrong = [
		'millrace://node/',
		'millrace://node/a/b',
		'millrace://node/%2e%2e',
		'millrace://node/a?x=1',
		'millrace://node/a#/settings',
		'millrace://me@node/a',
		'millrace://toString/a',
		'millrace:node/a',
		'https://node/a',
		`millrace://node/${'a'.repeat(300)}`,
		'',
	];
	expect(wrong.filter((link) => routeOfLink(link) !== null)).toEqual([]);
	expect(linkIn(['electron', '--flag', 'millrace://task/a'])).toBe('millrace://task/a');
});

it('takes addresses that a password may be sent to', () => {
	expect(coordinatorUrl(' https://Lab.example:443/mill/ ')).toBe('https://lab.example/mill');
	expect(coordinatorUrl('http://localhost:8080')).toBe('http://localhost:8080');
	expect(() => coordinatorUrl('http://10.0.0.1:8080')).toThrow(/for everybody to read/);
	expect(() => coordinatorUrl('https://a:b@lab.example')).toThrow(/out of the address/);
	expect(() => coordinatorUrl('https://lab.example/?x')).toThrow(/begins with \? or #/);
	for (const typed of ['lab.example', 'ftp://lab.example', '', 'javascript:1'])
		expect(() => coordinatorUrl(typed)).toThrow(/begins with https/);
});
