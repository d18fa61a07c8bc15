import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DavStage, propsOf } from '../../../../test/support/dav-stage.ts';
import { parseXml } from '../xml/read-xml.ts';
import { elementsIn, isDav, type XmlElement } from '../xml/xml-element.ts';

let stage: DavStage;
beforeAll(async () => {
	stage = await DavStage.open();
});
afterAll(() => stage[Symbol.asyncDispose]());

const textOf = (element: XmlElement): string =>
	element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
const child = (element: XmlElement, name: string): XmlElement => elementsIn(element).find((one) => isDav(one, name))!;

interface Told {
	href: string;
	/** By status and name. */
	[status: string]: Record<string, string> | string;
}

/** What a multistatus says; names of other namespaces are in braces. */
const told = (text: string): Told[] =>
	elementsIn(parseXml(Buffer.from(text))!).map((response) => {
		const result: Told = { href: textOf(child(response, 'href')) };
		for (const propstat of elementsIn(response).filter((one) => isDav(one, 'propstat'))) {
			const status = textOf(child(propstat, 'status')).split(' ')[1]!;
			const names = elementsIn(child(propstat, 'prop')).map((one) => [
				one.namespace === 'DAV:' ? one.name : `{${one.namespace}}${one.name}`,
				elementsIn(one).length > 0
					? elementsIn(one)
							.map(({ name }) => name)
							.join(' ')
					: textOf(one),
			]);
			result[status] = Object.fromEntries(names);
		}
		return result;
	});

describe('PROPFIND', () => {
	it('tells of a file what everybody asks', async () => {
		const { headers } = await stage.put('/dav/files/f.txt', 'hello');
		const { status, text, headers: said } = await stage.propfind('/dav/files/f.txt');
		expect([status, said['content-type']]).toEqual([207, 'application/xml; charset=utf-8']);
		const [file] = told(text);
		expect(file).toEqual({
			href: '/dav/files/f.txt',
			'200': {
				resourcetype: '',
				displayname: 'f.txt',
				getetag: headers.etag,
				getcontentlength: '5',
				getcontenttype: 'application/octet-stream',
				getlastmodified: expect.stringMatching(/ GMT$/),
				creationdate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
				supportedlock: 'lockentry lockentry',
				lockdiscovery: '',
			},
		});
	});

	it('tells of a folder and what is in it, and no deeper', async () => {
		await stage.call('MKCOL', '/dav/files/d');
		await stage.call('MKCOL', '/dav/files/d/e');
		await stage.put('/dav/files/d/f');
		await stage.put('/dav/files/d/e/g');
		const body = propsOf('resourcetype', 'getcontentlength');
		const { text } = await stage.propfind('/dav/files/d', '1', body);
		expect(told(text)).toEqual([
			{ href: '/dav/files/d/', '200': { resourcetype: 'collection' }, '404': { getcontentlength: '' } },
			{ href: '/dav/files/d/e/', '200': { resourcetype: 'collection' }, '404': { getcontentlength: '' } },
			{ href: '/dav/files/d/f', '200': { resourcetype: '', getcontentlength: '1' } },
		]);
		expect(told((await stage.propfind('/dav/files/d', '0', body)).text)).toHaveLength(1);
		expect(told((await stage.propfind('/dav/files/d/f', '1', body)).text)).toHaveLength(1);
	});

	it('shows the whole tree from its top', async () => {
		const hrefs = async (path: string) => told((await stage.propfind(path, '1')).text).map(({ href }) => href);
		expect(await hrefs('/dav')).toEqual(['/dav/', '/dav/datasets/', '/dav/files/']);
		expect((await hrefs('/dav/files')).at(0)).toBe('/dav/files/');
		await stage.room.datasets.publish('birds', '/d');
		expect(await hrefs('/dav/datasets/')).toEqual(['/dav/datasets/', '/dav/datasets/birds/']);
		const listed = told((await stage.propfind('/dav/datasets/birds', '1')).text);
		expect(listed.map(({ href }) => href).sort()).toEqual([
			...['/dav/datasets/birds/', '/dav/datasets/birds/e/', '/dav/datasets/birds/f'],
		]);
		expect(listed[0]!['200']).toMatchObject({ supportedlock: '', lockdiscovery: '' });
		expect((await stage.propfind('/dav/datasets/birds', '0', null, {})).status).toBe(207);
		expect((await stage.call('PROPFIND', '/dav/datasets/birds', { user: 'bob', headers: { depth: '0' } })).status).toBe(
			404,
		);
	});

	it('writes every name so that it leads back to what it names', async () => {
		const names = ['?', '#', '%25', 'a+b &<>"\'', 'ü', '\u{1f600}', '\uffff', ' x ', '--', ']]>'];
		await stage.call('MKCOL', '/dav/files/names');
		for (const name of names) await stage.put(`/dav/files/names/${encodeURIComponent(name)}`, name);
		const { text } = await stage.propfind('/dav/files/names', '1', propsOf('displayname'));
		const [, ...files] = told(text);
		const back = await Promise.all(files.map(({ href }) => stage.call('GET', href)));
		expect(back.map((one) => one.text).sort()).toEqual([...names].sort());
		const shown = files.map((file) => (file['200'] as Record<string, string>).displayname);
		// XML has no way to write U+FFFF.
		expect(shown.sort()).toEqual(names.map((name) => name.replace('\uffff', '\ufffd')).sort());
	});

	it('is not asked for a whole tree, nor without saying how deep', async () => {
		for (const depth of [null, 'infinity']) {
			const { status, text } = await stage.propfind('/dav/files/', depth);
			expect([status, text.includes('<D:propfind-finite-depth/>')]).toEqual([403, true]);
		}
		for (const depth of ['2', '1,noroot', 'x']) expect((await stage.propfind('/dav/files/', depth)).status).toBe(400);
	});

	it('refuses what is no question', async () => {
		for (const [body, status] of [
			['<propfind xmlns="DAV:">', 400],
			['<!DOCTYPE x><propfind xmlns="DAV:"><allprop/></propfind>', 400],
			['<other/>', 400],
			[`<a ${Array.from({ length: 2_500 }, (_, i) => `xmlns:n${i}="u${i}"`).join(' ')}/>`, 400],
			[`<a>${'x'.repeat(70_000)}</a>`, 413],
		] as const) {
			expect((await stage.propfind('/dav/files/', '0', body)).status, body.slice(0, 40)).toBe(status);
		}
		expect((await stage.propfind('/dav/files/nothing')).status).toBe(404);
	});

	it('tells what only Millrace knows to who asks for it', async () => {
		const { file } = await stage.room.jobs.upload('/known.png', 'x');
		const { ids } = await stage.room.jobs.submit({ type: 'md5', inputs: [{ file: file.id }] });
		stage.room.jobs.end(ids[0]!);
		stage.room.jobs.db.exec(
			`UPDATE file_versions SET facts = '{"md5":"0cc1","mimetype":"image/png"}' WHERE file_seq = (SELECT max(seq) FROM files)`,
		);
		const names = ['md5', 'sha256', 'media-type', 'tasks'];
		const body = `<D:propfind xmlns:D="DAV:" xmlns="urn:millrace:drive"><D:prop>${names.map((name) => `<${name}/>`).join('')}<other/></D:prop></D:propfind>`;
		const [known] = told((await stage.propfind('/dav/files/known.png', '0', body)).text);
		const mine = (name: string) => `{urn:millrace:drive}${name}`;
		expect(known!['200']).toEqual({
			[mine('md5')]: '0cc1',
			[mine('sha256')]: file.sha256,
			[mine('media-type')]: 'image/png',
			[mine('tasks')]: expect.stringContaining('md5: succeeded'),
		});
		expect(known!['404']).toEqual({ [mine('other')]: '' });
		const all = `<D:propfind xmlns:D="DAV:"><D:allprop/><D:include><sha256 xmlns="urn:millrace:drive"/></D:include></D:propfind>`;
		expect(told((await stage.propfind('/dav/files/known.png', '0', all)).text)[0]!['200']).toMatchObject({
			...{ [mine('sha256')]: file.sha256, getcontentlength: '1' },
		});
		expect((await stage.propfind('/dav/files/known.png')).text).not.toContain('sha256');
		const namesOnly = '<propfind xmlns="DAV:"><propname/></propfind>';
		const [named] = told((await stage.propfind('/dav/files/known.png', '0', namesOnly)).text);
		expect(named!['200']).toMatchObject({ getetag: '', [mine('tasks')]: '', [mine('md5')]: '' });
	});

	it('tells what is left of a quota', async () => {
		const body = propsOf('quota-used-bytes', 'quota-available-bytes');
		const [free] = told((await stage.propfind('/dav/files/', '0', body)).text);
		expect(free).toMatchObject({ '200': { 'quota-used-bytes': expect.stringMatching(/^\d+$/) } });
		expect(free!['404']).toEqual({ 'quota-available-bytes': '' });
		stage.room.jobs.policies.give(1, { quotas: { storedBytes: 1 } });
		const [full] = told((await stage.propfind('/dav/files/', '0', body)).text);
		expect(full!['200']).toMatchObject({ 'quota-available-bytes': '0' });
		stage.room.jobs.policies.give(1, {});
	});

	it('lists ten thousand entries while they are read, and stops when nobody listens', async () => {
		stage.room.jobs.db.exec(`
			INSERT INTO folders (seq, id, owner_seq, parent_seq, name, created_at) VALUES (900, 'fol_900', 1, 0, 'many', 1);
			INSERT INTO blobs (seq, sha256, size, refs) VALUES (900, zeroblob(32), 3, 10000);
			INSERT INTO files (seq, id, owner_seq, folder_seq, name, version, created_at, modified_at)
			  WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
			  SELECT 1000 + i, 'fil_m' || i, 1, 900, 'f' || i || '.txt', 1, 1, 2 FROM n;
			INSERT INTO file_versions (file_seq, number, blob_seq, created_at, created_by)
			  SELECT seq, 1, 900, 1, 1 FROM files WHERE folder_seq = 900;`);
		const { text, headers } = await stage.propfind('/dav/files/many', '1');
		expect(headers['transfer-encoding']).toBe('chunked');
		expect(new Set(text.match(/<D:href>[^<]*/g)).size).toBe(10_001);
		// Much of many: nobody holds it all before it is sent.
		const long = Array.from({ length: 100 }, (_, i) => `<p${i} xmlns="urn:${'x'.repeat(300)}"/>`).join('');
		const body = `<D:propfind xmlns:D="DAV:"><D:prop>${long}</D:prop></D:propfind>`;
		const socket = connect(stage.port, '127.0.0.1');
		socket.write(
			`PROPFIND /dav/files/many HTTP/1.1\r\nhost: 127.0.0.1\r\ndepth: 1\r\nauthorization: Basic YWRhOng=\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
		);
		const [head] = await once(socket, 'data');
		expect(String(head)).toContain('HTTP/1.1 207 ');
		socket.destroy();
		expect((await stage.propfind('/dav/files/many', '0')).status).toBe(207);
		expect(stage.lines).toEqual([]);
	});
});

describe('PROPPATCH', () => {
	const update = (inner: string) => `<D:propertyupdate xmlns:D="DAV:" xmlns:x="urn:x">${inner}</D:propertyupdate>`;
	const set = (inner: string) => `<D:set><D:prop>${inner}</D:prop></D:set>`;
	const patch = (path: string, body: string, headers: Record<string, string> = {}) =>
		stage.call('PROPPATCH', path, { body, headers });

	it('keeps what clients say of a thing, and gives it back', async () => {
		await stage.put('/dav/files/p', 'x');
		const value = '<x:a xmlns:x="urn:x" xml:lang="de">ä &lt; <x:b xmlns:y="urn:y" y:c="1">t</x:b></x:a>';
		const windows = '<Z:Win32FileAttributes xmlns:Z="urn:schemas-microsoft-com:">20</Z:Win32FileAttributes>';
		const made = await patch('/dav/files/p', update(set(value) + set(windows)));
		expect([made.status, told(made.text)]).toEqual([
			207,
			[{ href: '/dav/files/p', '200': { '{urn:x}a': '', '{urn:schemas-microsoft-com:}Win32FileAttributes': '' } }],
		]);
		expect((await stage.propfind('/dav/files/p')).text).toContain(
			value.replace(' xmlns:y="urn:y"', ' xmlns:y="urn:y"'),
		);
		const ask = '<D:propfind xmlns:D="DAV:"><D:prop><a xmlns="urn:x"/><a xmlns="urn:z"/></D:prop></D:propfind>';
		expect(told((await stage.propfind('/dav/files/p', '0', ask)).text)[0]).toMatchObject({
			...{ '200': { '{urn:x}a': 'b' }, '404': { '{urn:z}a': '' } },
		});
		await patch('/dav/files/p', update('<D:remove><D:prop><x:a/><x:never/></D:prop></D:remove>'));
		expect(told((await stage.propfind('/dav/files/p', '0', ask)).text)[0]!['404']).toEqual({
			...{ '{urn:x}a': '', '{urn:z}a': '' },
		});
		expect((await stage.propfind('/dav/files/', '1')).text).toContain('Win32FileAttributes');
	});

	it('does all or nothing', async () => {
		await stage.put('/dav/files/all', 'x');
		const both = await patch('/dav/files/all', update(set('<x:a>1</x:a><D:getetag>2</D:getetag>')));
		expect(told(both.text)).toEqual([{ href: '/dav/files/all', '403': { getetag: '' }, '424': { '{urn:x}a': '' } }]);
		expect(both.text).toContain('<D:cannot-modify-protected-property/>');
		expect((await stage.propfind('/dav/files/all')).text).not.toContain('urn:x');
		expect((await patch('/dav/files/all', update(set(`<x:a>${'x'.repeat(40_000)}</x:a>`)))).status).toBe(207);
		expect((await patch('/dav/files/all', update(set(`<x:b>${'x'.repeat(40_000)}</x:b>`)))).status).toBe(507);
	});

	it('is refused where nothing is kept, and when it says nothing', async () => {
		const body = update(set('<x:a>1</x:a>'));
		expect((await patch('/dav/files/', body)).status).toBe(403);
		// A refusal does not make the inbox’s folder.
		const refused = await patch('/dav/files/_inbox', update(set('<D:getetag>1</D:getetag>')));
		expect(told(refused.text)).toEqual([{ href: '/dav/files/_inbox/', '403': { getetag: '' } }]);
		expect((await stage.room.find('/files/_inbox'))?.entry).toBeNull();
		expect((await patch('/dav/files/nothing', body)).status).toBe(404);
		expect((await patch('/dav/files/all', '')).status).toBe(400);
		expect((await patch('/dav/files/all', update(''))).status).toBe(400);
		const token = await stage.lock('/dav/files/all');
		expect((await patch('/dav/files/all', body)).status).toBe(423);
		expect((await patch('/dav/files/all', update(set('<x:a/>')), { if: `(<${token}>)` })).status).toBe(207);
	});
});
