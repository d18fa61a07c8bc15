import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DavStage } from '../../../test/support/dav-stage.ts';
import { RawConnection } from '../../../test/support/raw-connection.ts';

let stage: DavStage;
beforeAll(async () => {
	stage = await DavStage.open();
	await stage.put('/dav/files/f', 'x');
	await stage.call('MKCOL', '/dav/files/d');
	await stage.room.datasets.publish('birds', '/');
});
afterAll(() => stage[Symbol.asyncDispose]());

describe('OPTIONS', () => {
	it.each([
		['/dav/', 'OPTIONS, PROPFIND'],
		['/dav/files/f', 'COPY, DELETE, GET, HEAD, LOCK, MOVE, OPTIONS, PROPFIND, PROPPATCH, PUT, UNLOCK'],
		['/dav/files/d/', 'COPY, DELETE, LOCK, MOVE, OPTIONS, PROPFIND, PROPPATCH, UNLOCK'],
		['/dav/files/new', 'LOCK, MKCOL, OPTIONS, PUT'],
		['/dav/datasets/birds/f', 'COPY, GET, HEAD, OPTIONS, PROPFIND'],
		['/dav/datasets/birds/new', 'OPTIONS'],
		['/dav/datasets/', 'OPTIONS, PROPFIND'],
		['/dav/files/', 'LOCK, OPTIONS, PROPFIND, UNLOCK'],
		['/dav/files/_inbox/', 'LOCK, OPTIONS, PROPFIND, PROPPATCH, UNLOCK'],
	])('says what can be done with %s', async (path, allow) => {
		expect(await stage.call('OPTIONS', path)).toMatchObject({
			status: 200,
			headers: { allow, dav: '1, 2', 'ms-author-via': 'DAV', 'content-length': '0' },
		});
	});

	it('is answered to strangers, of whatever address, and tells them nothing of it', async () => {
		const ask = (path: string) =>
			RawConnection.exchange(stage.port, `OPTIONS ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`);
		const [there, not, wrong] = [await ask('/dav/files/f'), await ask('/dav/files/new'), await ask('/dav/%ff')];
		expect([there.status, not.status, wrong.status]).toEqual([200, 200, 200]);
		const withoutDate = ({ head }: { head: string }) => head.replace(/\r\ndate:.*/i, '');
		expect(withoutDate(not)).toBe(withoutDate(there));
		expect(there.head).toContain('PROPFIND');
		for (const top of ['/', '*']) expect((await ask(top)).head).toMatch(/ms-author-via: DAV/i);
		expect(there.head.toLowerCase()).not.toMatch(/www-authenticate|access-control/);
	});
});

describe('a request', () => {
	it('without a password is asked for one, and only then', async () => {
		const strange = await stage.call('PROPFIND', '/dav/files/', { user: 'nobody', headers: { depth: '0' } });
		expect(strange.status).toBe(401);
		expect(strange.headers['www-authenticate']).toContain('Basic');
		expect(strange.text).toContain('<D:error xmlns:D="DAV:"');
		for (const { headers } of [await stage.propfind('/dav/files/'), await stage.propfind('/dav/files/none')]) {
			expect(headers['www-authenticate']).toBeUndefined();
		}
	});

	it('with a password that only reads changes nothing', async () => {
		const only = { user: 'reader' };
		expect((await stage.call('GET', '/dav/files/f', only)).text).toBe('x');
		expect((await stage.call('PROPFIND', '/dav/files/', { ...only, headers: { depth: '1' } })).status).toBe(207);
		const headers = { destination: '/dav/files/g', 'lock-token': '<x>' };
		for (const method of ['PUT', 'MKCOL', 'DELETE', 'COPY', 'MOVE', 'PROPPATCH', 'LOCK', 'UNLOCK']) {
			const refused = await stage.call(method, '/dav/files/f', { ...only, headers });
			expect([method, refused.status]).toEqual([method, 403]);
			expect(refused.text).toContain('insufficient-scope');
		}
		expect((await stage.call('REPORT', '/dav/files/f', only)).status).toBe(405);
	});

	it.each(['POST', 'PATCH', 'REPORT', 'SEARCH', 'ACL', 'TRACE', 'BIND'])(
		'of the kind %s is not there',
		async (method) => {
			const { status, headers } = await stage.call(method, '/dav/files/f');
			expect([status, headers.allow]).toEqual([
				...[405, 'COPY, DELETE, GET, HEAD, LOCK, MKCOL, MOVE, OPTIONS, PROPFIND, PROPPATCH, PUT, UNLOCK'],
			]);
		},
	);

	it.each([
		'/dav/files/%00',
		'/dav/files/%ff',
		'/dav/files/a/%2e%2e/f',
		'/dav/files/../f',
		'/dav/files/d%2ff',
		'/dav//files/f',
	])('for %s is refused with every method', async (path) => {
		for (const method of ['GET', 'PUT', 'MKCOL', 'DELETE', 'COPY', 'PROPFIND', 'LOCK', 'UNLOCK']) {
			const { status } = await stage.call(method, path, { headers: { depth: '0', destination: '/dav/files/x' } });
			expect([method, status]).toEqual([method, 400]);
		}
	});

	it('whose length is a lie keeps nothing waiting and sets nothing aside', async () => {
		const head = (method: string, more: string) =>
			`${method} /dav/files/f HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Basic YWRhOng=\r\ndepth: 0\r\nconnection: close\r\n${more}\r\n\r\n`;
		const large = await RawConnection.exchange(stage.port, head('PROPFIND', 'content-length: 9000000000000'));
		expect(large.status).toBe(413);
		expect((await RawConnection.exchange(stage.port, head('PROPFIND', 'content-length: 9e12'))).status).toBe(400);
		for (const method of ['PROPFIND', 'LOCK', 'PROPPATCH']) {
			using cut = await RawConnection.open(stage.port);
			cut.send(`${head(method, 'content-length: 500')}<propfind`);
			cut.end();
			await cut.closed(30_000);
		}
		expect((await stage.propfind('/dav/files/f')).status).toBe(207);
	});
});

it('answers everything, and never for a fault of its own', async () => {
	const method = fc.constantFrom(
		...[
			'OPTIONS',
			'GET',
			'HEAD',
			'PUT',
			'MKCOL',
			'DELETE',
			'COPY',
			'MOVE',
			'PROPFIND',
			'PROPPATCH',
			'LOCK',
			'UNLOCK',
			'POST',
		],
	);
	const segment = fc.constantFrom(
		'dav',
		'files',
		'datasets',
		'f',
		'd',
		'%00',
		'%ff',
		'..',
		'%2e%2e',
		'',
		'ü',
		'%',
		'a?b',
		'birds',
	);
	const path = fc
		.array(segment, { maxLength: 5 })
		.map((parts) => encodeURI(`/dav/${parts.join('/')}`).replaceAll('%25', '%'));
	const value = fc.constantFrom(
		...[
			'0',
			'1',
			'infinity',
			'T',
			'F',
			'(<t>)',
			'(Not <t>)',
			'(["e"])',
			'(',
			'</dav/files/f> (<t>)',
			'http://x/y',
			'/dav/files/z',
		],
		...['/dav/files/%ff', '<t>', 'Second-1', '*', '"e"', 'bytes=0-', 'bytes 0-1/2', 'bytes=9-1', 'gzip', '\u00ff', ''],
	);
	const names = [
		'depth',
		'destination',
		'overwrite',
		'if',
		'lock-token',
		'timeout',
		'if-match',
		'if-none-match',
		'range',
		'if-range',
	];
	const headers = fc.dictionary(
		fc.constantFrom(...names, 'content-range', 'content-digest', 'if-modified-since'),
		value,
		{ maxKeys: 5 },
	);
	const body = fc.constantFrom(
		...[null, '', 'x', '<x', '<x/>', '<!DOCTYPE x><x/>', '<propfind xmlns="DAV:"><allprop/></propfind>'],
		'<propertyupdate xmlns="DAV:"><set><prop><displayname/><a/></prop></set></propertyupdate>',
		'<lockinfo xmlns="DAV:"><lockscope><shared/></lockscope><locktype><write/></locktype></lockinfo>',
	);
	const user = fc.constantFrom('ada', 'bob', 'reader', 'nobody');
	const requests = fc.sample(fc.record({ method, path, headers, body, user }), { numRuns: 400, seed: 4918 });
	for (const { method: verb, path: address, ...more } of requests) {
		const sent = verb === 'GET' || verb === 'HEAD' ? { ...more, body: null } : more;
		const { status } = await stage.call(verb, address, sent);
		expect(status === 502 || status < 500, `${verb} ${address} ${JSON.stringify(sent)}: ${status}`).toBe(true);
	}
	expect(stage.lines).toEqual([]);
	expect((await stage.propfind('/dav/files/')).status).toBe(207);
});
