import { afterAll, describe, expect, it } from 'vitest';
import { type ArchiveEntry, makeZip } from '../../test/support/make-archives.ts';
import { runTask } from '../../test/support/run-task.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { archivelist } from './archivelist.ts';
import type { JsonObject } from './task-module.ts';

const folder = new TempFolder();
afterAll(() => folder[Symbol.asyncDispose]());

const list = (content: Buffer, parameters: JsonObject = {}) =>
	runTask(folder, archivelist, { 'a.zip': content }, parameters);
const refused = (code: string) => ({ failure: { class: 'input', code } });

const DIRECTORY_HEADER = Buffer.from('PK\x01\x02', 'latin1');

/** The archive with something written over the nth entry of its directory. */
const patched = (zip: Buffer, nth: number, patch: (header: Buffer) => void): Buffer => {
	const copy = Buffer.from(zip);
	let at = copy.indexOf(DIRECTORY_HEADER);
	for (let i = 0; i < nth; i++) at = copy.indexOf(DIRECTORY_HEADER, at + 1);
	patch(copy.subarray(at));
	return copy;
};
const zipOf = (...entries: ArchiveEntry[]) => makeZip(entries);
const two = zipOf({ name: 'a', content: 'aaaa' }, { name: 'b', content: 'bbbb' });

describe('archivelist', () => {
	it('lists an archive with sizes, without unpacking it', async () => {
		const zip = zipOf(
			{ name: 'docs/', content: '' },
			{ name: 'docs/ünï.txt', content: 'x'.repeat(500), isDeflated: true },
			{ name: 'a,b.txt', content: 'one' },
		);
		const { result, outputs } = await list(zip);
		expect(result).toMatchObject({ entries: 3, bytes: 503, encrypted: 0, findings: [], findingCount: 0 });
		expect(result.ratio).toBeGreaterThan(5);
		expect((result.names as string[])[2]).toBe('a,b.txt');
		expect(outputs[0]).toMatchObject({ name: 'files.csv', mediaType: 'text/csv' });
		const lines = String(outputs[0]?.content).trim().split('\n');
		expect(lines).toHaveLength(4);
		expect(lines[0]).toBe('name,size,packed,modified,encrypted');
		expect(lines[3]).toMatch(/^"a,b.txt",3,3,.*,no$/);
	});

	it('takes an empty archive, and one in another as a file like any', async () => {
		expect((await list(zipOf())).result).toMatchObject({ entries: 0, bytes: 0, ratio: 1 });
		const nested = zipOf({ name: 'inner.zip', content: two });
		expect((await list(nested)).result).toMatchObject({ entries: 1, names: ['inner.zip'] });
	});

	it('shows names that lead elsewhere as they are safe, and tells of them', async () => {
		const names = ['../../etc/passwd', '/abs', 'C:\\x\\y', 'a\u202egpj.exe', 'fine'];
		const zip = zipOf(...names.map((name) => ({ name, content: 'x' })));
		// The flag says that names are UTF-8.
		const { result } = await list(patched(zip, 3, (header) => header.writeUInt16LE(0x800, 8)));
		expect(result.findings).toMatchObject([
			{ name: 'etc/passwd', finding: expect.stringContaining('..') },
			{ name: 'abs', finding: 'is absolute' },
			{ name: 'x/y', finding: 'is absolute' },
			{ name: expect.stringContaining('\ufffd') },
		]);
	});

	it('lets no name calculate in a spreadsheet', async () => {
		const { outputs } = await list(zipOf({ name: '=HYPERLINK("http://x","y")', content: '' }));
		expect(String(outputs[0]?.content).split('\n')[1]).toMatch(/^"'=HYPERLINK\(""http:/);
	});

	it('refuses what does harm when it is unpacked', async () => {
		const zeros = zipOf({ name: 'zeros', content: Buffer.alloc(3_000_000), isDeflated: true });
		const large = patched(two, 1, (header) => {
			header.writeUInt16LE(8, 10);
			header.writeUInt32LE(2 ** 31 + 1, 24);
		});
		const cases: [string, Buffer, string][] = [
			['more than a hundred times as large', zeros, 'archive-ratio'],
			['more than 2 GiB', large, 'archive-too-large'],
			['two entries on the same bytes', patched(two, 1, (header) => header.writeUInt32LE(0, 42)), 'archive-overlap'],
			[
				'a symbolic link',
				patched(two, 0, (header) => {
					header.writeUInt16LE((3 << 8) | 20, 4);
					header.writeUInt32LE(0o120777 * 65_536, 38);
				}),
				'archive-link',
			],
			['no archive', Buffer.from('no archive'), 'archive-damaged'],
			['nothing', Buffer.alloc(0), 'archive-damaged'],
			['a cut one', two.subarray(0, two.length - 30), 'archive-damaged'],
			['a damaged directory', patched(two, 1, (header) => header.writeUInt32LE(0, 0)), 'archive-damaged'],
		];
		for (const [what, content, code] of cases) {
			await expect(list(content), what).rejects.toMatchObject(refused(code));
		}
	});

	it('refuses too many entries, also when the archive says that there are few', async () => {
		const many = makeZip(Array.from({ length: 10_001 }, (_, i) => ({ name: `${i}`, content: '' })));
		await expect(list(many)).rejects.toMatchObject(refused('archive-entries'));
		await expect(list(two, { maxEntries: 1 })).rejects.toMatchObject(refused('archive-entries'));
	});

	it('puts a result out that is small enough to be sent', async () => {
		const names = Array.from({ length: 2000 }, (_, i) => `../${'"'.repeat(200)}${i}`);
		const { result, outputs } = await list(makeZip(names.map((name) => ({ name, content: '' }))));
		expect(JSON.stringify(result).length).toBeLessThan(65_536);
		expect(result.findingCount).toBe(2000);
		expect(String(outputs[0]?.content).trim().split('\n')).toHaveLength(2001);
	});
});
