import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DavStage, lockInfo } from '../../../../test/support/dav-stage.ts';

let stage: DavStage;
beforeAll(async () => {
	stage = await DavStage.open();
});
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(async () => {
	stage.room.jobs.db.exec('DELETE FROM drive_locks');
	for (const name of await stage.list()) await stage.call('DELETE', `/dav/files/${name}`);
	await stage.call('MKCOL', '/dav/files/d');
	await stage.call('MKCOL', '/dav/files/d/e');
	await stage.put('/dav/files/d/f', 'of d');
	await stage.put('/dav/files/g', 'of g');
});

const read = async (path: string) => (await stage.call('GET', path)).text;

describe('MOVE', () => {
	it('renames and moves, and says whether something had to go', async () => {
		expect((await stage.transfer('MOVE', '/dav/files/g', '/dav/files/h')).status).toBe(201);
		expect((await stage.transfer('MOVE', '/dav/files/h', '/dav/files/d/f')).status).toBe(204);
		expect(await read('/dav/files/d/f')).toBe('of g');
		expect((await stage.transfer('MOVE', '/dav/files/d/', '/dav/files/x/')).status).toBe(201);
		expect([await stage.list(), await stage.list('/files/x')]).toEqual([['x/'], ['e/', 'f']]);
	});

	it('asked not to overwrite does not', async () => {
		const refused = await stage.transfer('MOVE', '/dav/files/g', '/dav/files/d/f', { overwrite: 'F' });
		expect([refused.status, await read('/dav/files/d/f'), await read('/dav/files/g')]).toEqual([412, 'of d', 'of g']);
		expect((await stage.transfer('MOVE', '/dav/files/g', '/dav/files/d/f', { overwrite: 'maybe' })).status).toBe(400);
		expect((await stage.transfer('MOVE', '/dav/files/g', '/dav/files/free', { overwrite: 'F' })).status).toBe(201);
	});

	it.each([
		['onto its own parent', '/dav/files/d/e', '/dav/files/d', 403],
		['onto the top', '/dav/files/g', '/dav/files/', 403],
		['into itself', '/dav/files/d', '/dav/files/d/e/d', 403],
		['onto itself', '/dav/files/g', '/dav/files/g', 403],
		['onto itself in other words', '/dav/files/d', '/dav/files/%64/', 403],
		['of everything', '/dav/files/', '/dav/files/x', 403],
		['to where no folder is', '/dav/files/g', '/dav/files/no/g', 409],
		['below a file', '/dav/files/d', '/dav/files/g/d', 409],
		['of nothing', '/dav/files/nothing', '/dav/files/x', 404],
		['to another machine', '/dav/files/g', 'http://elsewhere.example/dav/files/x', 502],
		['out of the drive', '/dav/files/g', '/api/v1/content/x', 502],
		['out of the files', '/dav/files/g', '/dav/datasets/x', 403],
		['to the very top', '/dav/files/g', '/dav/', 403],
		['out by dots', '/dav/files/g', '/dav/files/d/../x', 400],
		['out by encoded dots', '/dav/files/g', '/dav/files/%2e%2e/x', 400],
		['to what is no address', '/dav/files/g', 'x', 400],
		['to a name with a zero', '/dav/files/g', '/dav/files/a%00', 400],
		['to what is no UTF-8', '/dav/files/g', '/dav/files/%ff', 400],
	])('%s is refused', async (_, from, to, status) => {
		expect((await stage.transfer('MOVE', from, to)).status).toBe(status);
		expect([await stage.list(), await stage.list('/files/d')]).toEqual([
			['d/', 'g'],
			['e/', 'f'],
		]);
		expect(await read('/dav/files/g')).toBe('of g');
	});

	it('without Destination or of half a folder is refused', async () => {
		expect((await stage.call('MOVE', '/dav/files/g')).status).toBe(400);
		for (const depth of ['0', '1', '7']) {
			expect((await stage.transfer('MOVE', '/dav/files/d', '/dav/files/x', { depth })).status).toBe(400);
		}
	});

	it('takes the address that the person’s browser or a trusted proxy knows', async () => {
		const own = `http://127.0.0.1:${stage.port}/dav/files/h`;
		expect((await stage.transfer('MOVE', '/dav/files/g', own)).status).toBe(201);
		expect((await stage.transfer('MOVE', '/dav/files/h', 'https://drive.example.org/dav/files/i')).status).toBe(201);
		const proxied = { 'x-forwarded-host': 'front.example', 'x-forwarded-proto': 'https' };
		expect((await stage.transfer('MOVE', '/dav/files/i', 'https://front.example/dav/files/j', proxied)).status).toBe(
			201,
		);
	});

	it('takes what clients have said along, and no lock', async () => {
		const body = `<propertyupdate xmlns="DAV:"><set><prop><a xmlns="urn:x">1</a></prop></set></propertyupdate>`;
		await stage.call('PROPPATCH', '/dav/files/g', { body });
		const token = await stage.lock('/dav/files/g');
		const held = { if: `(<${token}>)` };
		expect((await stage.transfer('MOVE', '/dav/files/g', '/dav/files/h')).status).toBe(423);
		expect((await stage.transfer('MOVE', '/dav/files/g', '/dav/files/h', held)).status).toBe(201);
		const { text } = await stage.propfind('/dav/files/h');
		expect(text).toContain('<a xmlns="urn:x">1</a>');
		expect(text).not.toContain(token);
		expect((await stage.put('/dav/files/g')).status).toBe(201);
	});
});

describe('COPY', () => {
	it('copies a file and a folder with all that is in it, or without', async () => {
		expect((await stage.transfer('COPY', '/dav/files/g', '/dav/files/h')).status).toBe(201);
		expect((await stage.transfer('COPY', '/dav/files/g', '/dav/files/d/f')).status).toBe(204);
		expect((await stage.transfer('COPY', '/dav/files/d', '/dav/files/x')).status).toBe(201);
		expect((await stage.transfer('COPY', '/dav/files/d', '/dav/files/y', { depth: '0' })).status).toBe(201);
		expect(await stage.list()).toEqual(['d/', 'g', 'h', 'x/', 'y/']);
		expect([await stage.list('/files/x'), await stage.list('/files/y')]).toEqual([['e/', 'f'], []]);
		expect([await read('/dav/files/x/f'), await read('/dav/files/h')]).toEqual(['of g', 'of g']);
		expect((await stage.transfer('COPY', '/dav/files/d', '/dav/files/z', { depth: '1' })).status).toBe(400);
		expect((await stage.transfer('COPY', '/dav/files/d', '/dav/files/x', { overwrite: 'F' })).status).toBe(412);
		expect((await stage.transfer('COPY', '/dav/files/d', '/dav/files/d/e/x')).status).toBe(403);
	});

	it('does not ask for a lock of the source, but for one of the target', async () => {
		const token = await stage.lock('/dav/files/g');
		expect((await stage.transfer('COPY', '/dav/files/g', '/dav/files/h')).status).toBe(201);
		expect((await stage.transfer('COPY', '/dav/files/h', '/dav/files/g')).status).toBe(423);
		const held = { if: `</dav/files/g> (<${token}>)` };
		expect((await stage.transfer('COPY', '/dav/files/h', '/dav/files/g', held)).status).toBe(204);
		await stage.call('UNLOCK', '/dav/files/g', { headers: { 'lock-token': `<${token}>` } });
	});
});

describe('DELETE', () => {
	it('puts a file or a whole folder into the trash', async () => {
		expect((await stage.call('DELETE', '/dav/files/g')).status).toBe(204);
		expect((await stage.call('DELETE', '/dav/files/d/')).status).toBe(204);
		expect(await stage.list()).toEqual([]);
		const { items } = await stage.room.jobs.files.listTrash(1, { limit: 10 });
		expect(items.map(({ path }) => path)).toEqual(expect.arrayContaining(['/d', '/g']));
		expect((await stage.call('DELETE', '/dav/files/g')).status).toBe(404);
	});

	it('of half a folder, of everything, of a part of an address or against a condition is refused', async () => {
		for (const [path, headers, status] of [
			['/dav/files/d', { depth: '0' }, 400],
			['/dav/files/d', { depth: '1' }, 400],
			['/dav/files/', {}, 403],
			['/dav/', {}, 403],
			['/dav/files/d#e', {}, 400],
			['/dav/files/g', { 'if-match': '"x"' }, 412],
			['/dav/files/g', { if: '(["x"])' }, 412],
		] as const) {
			expect((await stage.call('DELETE', path, { headers: headers as never })).status, path).toBe(status);
		}
		expect((await stage.list()).length).toBe(2);
	});
});

it('the status of what lies in an inbox is read, and not written', async () => {
	const inbox = `/dav/files/_inbox/${encodeURIComponent((await stage.room.names('/files/_inbox'))[0]!.slice(0, -1))}`;
	const update = `<propertyupdate xmlns="DAV:"><set><prop><a xmlns="urn:x">1</a></prop></set></propertyupdate>`;
	// The inbox is there before anything is in it, and keeps what is said of it.
	expect((await stage.call('PROPPATCH', inbox, { body: update })).status).toBe(207);
	expect((await stage.propfind(inbox)).text).toContain('<a xmlns="urn:x">1</a>');
	expect((await stage.call('MKCOL', inbox)).status).toBe(405);
	expect((await stage.put(`${inbox}/item.txt`, 'x')).status).toBe(201);
	const status = `${inbox}/item.txt.status.txt`;
	const { status: code, headers, text } = await stage.call('GET', status);
	expect([code, headers['content-type'], text.length]).toEqual([200, 'text/plain; charset=utf-8', 1_024]);
	const part = await stage.call('GET', status, { headers: { range: 'bytes=0-9' } });
	expect([part.status, part.text]).toEqual([206, text.slice(0, 10)]);
	for (const [method, more, refused] of [
		['PUT', { body: 'x' }, 403],
		['PROPPATCH', { body: update }, 403],
		['LOCK', { body: lockInfo() }, 403],
		['MOVE', { headers: { destination: '/dav/files/x' } }, 403],
		['DELETE', {}, 204],
		['GET', {}, 200],
	] as const) {
		expect((await stage.call(method, status, more as never)).status, method).toBe(refused);
	}
	expect((await stage.transfer('COPY', '/dav/files/g', status)).status).toBe(403);
});

it('nothing changes a dataset', async () => {
	await stage.put('/dav/files/d/f', 'of d');
	await stage.room.datasets.publish('birds', '/d');
	const before = await stage.propfind('/dav/datasets/birds', '1');
	const [file, folder] = ['/dav/datasets/birds/f', '/dav/datasets/birds'];
	const update = `<propertyupdate xmlns="DAV:"><set><prop><a xmlns="urn:x">1</a></prop></set></propertyupdate>`;
	for (const path of [file, folder, `${folder}/new`, '/dav/datasets/new']) {
		for (const [method, more] of [
			['PUT', { body: 'x' }],
			['MKCOL', {}],
			['DELETE', {}],
			['MOVE', { headers: { destination: '/dav/files/stolen' } }],
			['PROPPATCH', { body: update }],
			['LOCK', { body: lockInfo() }],
			['LOCK', { headers: { if: '(<urn:uuid:x>)' } }],
			['UNLOCK', { headers: { 'lock-token': '<urn:uuid:x>' } }],
		] as const) {
			expect((await stage.call(method, path, more as never)).status, `${method} ${path}`).toBe(403);
		}
		expect((await stage.transfer('COPY', '/dav/files/g', path)).status).toBe(403);
		expect((await stage.transfer('MOVE', '/dav/files/g', path)).status).toBe(403);
	}
	expect((await stage.propfind('/dav/datasets/birds', '1')).text).toBe(before.text);
	expect(await read(file)).toBe('of d');
	expect(await stage.list()).not.toContain('stolen');
	for (const method of ['PUT', 'MKCOL']) expect((await stage.call(method, '/dav/new')).status).toBe(404);
});

const lock = (path: string, headers: Record<string, string> = {}, body: string | null = lockInfo()) =>
	stage.call('LOCK', path, { headers, body });
const unlock = (path: string, token: string, user = 'ada') =>
	stage.call('UNLOCK', path, { headers: { 'lock-token': `<${token}>` }, user });
const held = (token: string) => ({ if: `(<${token}>)` });

describe('LOCK', () => {
	beforeEach(() => stage.put('/dav/files/f', 'old'));

	it('keeps out who does not show the token', async () => {
		const answer = await lock('/dav/files/f', { timeout: 'Second-120' });
		expect(answer.status).toBe(200);
		const token = /^<(urn:uuid:[0-9a-f-]{36})>$/.exec(answer.headers['lock-token']!)![1]!;
		expect(answer.text).toContain(`<D:locktoken><D:href>${token}</D:href></D:locktoken>`);
		expect(answer.text).toContain('<D:lockroot><D:href>/dav/files/f</D:href></D:lockroot>');
		expect(answer.text).toMatch(/<D:timeout>Second-(120|119)<\/D:timeout>/);
		expect(answer.text).toContain('<owner xmlns="DAV:">me</owner>');
		expect((await stage.propfind('/dav/files/', '1')).text).toContain(token);

		const refused = await stage.put('/dav/files/f', 'new');
		expect(refused.status).toBe(423);
		expect(refused.text).toContain('<D:lock-token-submitted><D:href>/dav/files/f</D:href></D:lock-token-submitted>');
		for (const method of ['DELETE', 'PROPPATCH']) {
			const body = `<propertyupdate xmlns="DAV:"><remove><prop><a xmlns="urn:x"/></prop></remove></propertyupdate>`;
			expect((await stage.call(method, '/dav/files/f', method === 'DELETE' ? {} : { body })).status).toBe(423);
		}
		expect((await stage.put('/dav/files/f', 'new', held(`${token}x`))).status).toBe(412);
		expect((await stage.put('/dav/files/f', 'new', { if: `(<${token}x>) (Not <DAV:no-lock>)` })).status).toBe(423);
		expect((await stage.put('/dav/files/f', '1', held(token))).status).toBe(204);
		expect((await stage.put('/dav/files/f', '2', { if: `</dav/files/f> (<${token}>)` })).status).toBe(204);
		expect((await stage.put('/dav/files/f', '3', { if: `(<${token}>) (Not <DAV:no-lock>)` })).status).toBe(204);
		// As Word does.
		expect((await stage.put('/dav/files/f', '4', { 'lock-token': `<${token}>` })).status).toBe(204);
		expect((await stage.call('GET', '/dav/files/f')).text).toBe('4');
		expect((await unlock('/dav/files/f', token)).status).toBe(204);
		expect((await stage.put('/dav/files/f', '5')).status).toBe(204);
	});

	it('is one at a time, unless it is shared', async () => {
		const token = await stage.lock('/dav/files/f');
		const refused = await lock('/dav/files/f', held(token));
		expect(refused.status).toBe(423);
		expect(refused.text).toContain('<D:no-conflicting-lock><D:href>/dav/files/f</D:href></D:no-conflicting-lock>');
		await unlock('/dav/files/f', token);
		const [one, two] = [await stage.lock('/dav/files/f', {}, 'shared'), await stage.lock('/dav/files/f', {}, 'shared')];
		expect(one).not.toBe(two);
		expect((await lock('/dav/files/f')).status).toBe(423);
		expect((await stage.put('/dav/files/f', 'x')).status).toBe(423);
		expect((await stage.put('/dav/files/f', 'x', held(two))).status).toBe(204);
	});

	it('of a folder covers what is below it, or only what comes and goes', async () => {
		const deep = await stage.lock('/dav/files/d');
		for (const [method, path] of [
			['PUT', '/dav/files/d/f'],
			['PUT', '/dav/files/d/new'],
			['MKCOL', '/dav/files/d/folder'],
			['DELETE', '/dav/files/d/f'],
			['DELETE', '/dav/files/d'],
		] as const) {
			const refused = await stage.call(method, path, method === 'PUT' ? { body: 'x' } : {});
			expect(refused.status, `${method} ${path}`).toBe(423);
			expect(refused.text).toMatch(/<D:href>\/dav\/files\/d\/?<\/D:href>/);
		}
		expect((await stage.transfer('MOVE', '/dav/files/f', '/dav/files/d/g')).status).toBe(423);
		expect((await lock('/dav/files/d/f')).status).toBe(423);
		expect((await stage.put('/dav/files/d/f', 'x', { if: `</dav/files/d/> (<${deep}>)` })).status).toBe(204);
		expect((await stage.propfind('/dav/files/d/f')).text).toContain('<D:href>/dav/files/d/</D:href></D:lockroot>');
		expect((await lock('/dav/files/d/f', held(deep), null)).status).toBe(200);
		expect((await unlock('/dav/files/d/f', deep)).status).toBe(204);

		const flat = await stage.lock('/dav/files/d', { depth: '0' });
		expect((await stage.put('/dav/files/d/f', 'x')).status).toBe(204);
		expect((await stage.put('/dav/files/d/new')).status).toBe(423);
		expect((await stage.call('DELETE', '/dav/files/d/f')).status).toBe(423);
		expect((await stage.put('/dav/files/d/new', 'x', { if: `</dav/files/d> (<${flat}>)` })).status).toBe(201);
		expect((await lock('/dav/files/d', { depth: '1' })).status).toBe(400);
	});

	it('below a folder keeps the folder where it is', async () => {
		const token = await stage.lock('/dav/files/d/f');
		expect((await stage.call('DELETE', '/dav/files/d')).status).toBe(423);
		expect((await stage.transfer('MOVE', '/dav/files/d', '/dav/files/x')).status).toBe(423);
		expect((await lock('/dav/files/d')).status).toBe(423);
		const both = { if: `</dav/files/d/f> (<${token}>)` };
		expect((await stage.call('DELETE', '/dav/files/d', { headers: both })).status).toBe(204);
	});

	it('of a free name makes an empty file there, once', async () => {
		const answer = await lock('/dav/files/new');
		expect(answer.status).toBe(201);
		const file = await stage.call('GET', '/dav/files/new');
		expect([file.status, file.text]).toEqual([200, '']);
		expect((await stage.put('/dav/files/new', 'x')).status).toBe(423);
		expect((await lock('/dav/files/no/new')).status).toBe(409);
		const flat = await stage.lock('/dav/files/', { depth: '0' });
		expect((await lock('/dav/files/other')).status).toBe(423);
		expect(await stage.list()).toEqual(['d/', 'f', 'g', 'new']);
		// What came to nothing holds nobody up.
		expect((await stage.put('/dav/files/other', 'x', { if: `</dav/files/> (<${flat}>)` })).status).toBe(201);
		expect(stage.room.jobs.count('SELECT count(*) FROM drive_locks')).toBe(2);
	});

	it('lasts longer when that is asked for', async () => {
		const token = await stage.lock('/dav/files/f', { timeout: 'Second-60' });
		const refreshed = await lock('/dav/files/f', { ...held(token), timeout: 'Second-3000' }, null);
		expect(refreshed.status).toBe(200);
		expect(refreshed.text).toMatch(/Second-(3000|2999)</);
		expect((await lock('/dav/files/f', {}, null)).status).toBe(400);
		expect((await lock('/dav/files/f', held('urn:uuid:other'), null)).status).toBe(412);
		expect((await lock('/dav/files/f', { if: '(Not <DAV:no-lock>)' }, null)).status).toBe(412);
	});

	it('that has expired holds nobody up and nothing together', async () => {
		const token = await stage.lock('/dav/files/f');
		stage.room.jobs.db.exec('UPDATE drive_locks SET expires_at = 1');
		expect((await stage.put('/dav/files/f', 'x', held(token))).status).toBe(412);
		expect((await lock('/dav/files/f', held(token), null)).status).toBe(412);
		expect((await unlock('/dav/files/f', token)).status).toBe(409);
		expect((await stage.put('/dav/files/f', 'x')).status).toBe(204);
		expect((await lock('/dav/files/f')).status).toBe(200);
	});

	it('is refused as what it is not', async () => {
		for (const [body, status] of [
			['<lockinfo xmlns="DAV:"/>', 400],
			['<x>', 400],
			['<!DOCTYPE x><x/>', 400],
		] as const) {
			expect((await lock('/dav/files/f', {}, body)).status).toBe(status);
		}
		const long = lockInfo().replace('me</owner>', `${'x'.repeat(5_000)}</owner>`);
		expect((await lock('/dav/files/f', {}, long)).status).toBe(413);
		expect((await lock('/dav/files/f', { if: '()' })).status).toBe(400);
		expect((await lock('/dav/', {})).status).toBe(403);
		expect(stage.room.jobs.count('SELECT count(*) FROM drive_locks')).toBe(0);
	});
});

describe('UNLOCK', () => {
	beforeEach(() => stage.put('/dav/files/f', 'old'));

	it('takes only the token of a lock that is held there, of one’s own', async () => {
		const token = await stage.lock('/dav/files/f');
		await stage.put('/dav/files/g');
		const foreign = await unlock('/dav/files/g', token);
		expect([foreign.status, foreign.text.includes('<D:lock-token-matches-request-uri/>')]).toEqual([409, true]);
		await stage.call('PUT', '/dav/files/f', { body: 'of bob', user: 'bob' });
		expect((await unlock('/dav/files/f', token, 'bob')).status).toBe(409);
		const bobs = await stage.call('LOCK', '/dav/files/f', { body: lockInfo(), user: 'bob' });
		const theirs = bobs.headers['lock-token']!.slice(1, -1);
		expect((await stage.put('/dav/files/f', 'x', held(theirs))).status).toBe(412);
		expect((await stage.put('/dav/files/f', 'x', { 'lock-token': `<${theirs}>` })).status).toBe(423);
		expect((await stage.call('UNLOCK', '/dav/files/f')).status).toBe(400);
		expect((await stage.call('UNLOCK', '/dav/files/f', { headers: { 'lock-token': token } })).status).toBe(400);
		expect((await unlock('/dav/files/f', token)).status).toBe(204);
		expect((await unlock('/dav/files/f', token)).status).toBe(409);
	});
});
