import { afterAll, describe, expect, it } from 'vitest';
import { runTask } from '../../test/support/run-task.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { csvprofile } from './csvprofile.ts';
import type { JsonObject } from './task-module.ts';
import { textstats } from './textstats.ts';

const folder = new TempFolder();
afterAll(() => folder[Symbol.asyncDispose]());

const stats = async (content: Buffer | string, parameters: JsonObject = {}) =>
	(await runTask(folder, textstats, { 'a.txt': content }, parameters)).result;
const profile = (content: Buffer | string, parameters: JsonObject = {}) =>
	runTask(folder, csvprofile, { 'a.csv': content }, parameters);

describe('textstats', () => {
	it('counts lines, words and characters, and the most frequent words', async () => {
		expect(await stats('The cat sees the dog.\r\nThe 😀 dog!\n', { topWords: 2 })).toEqual({
			encoding: 'utf-8',
			lines: 2,
			words: 7,
			characters: 34,
			longestLine: 21,
			topWords: [
				{ word: 'the', count: 3 },
				{ word: 'dog', count: 2 },
			],
			isTruncated: false,
		});
	});

	it('finds words where no spaces are, and the encoding', async () => {
		expect((await stats('今日は良い天気です', { minLength: 1 })).words).toBeGreaterThan(2);
		const utf16 = Buffer.from('\ufeffGrüße', 'utf16le');
		expect(await stats(utf16)).toMatchObject({ encoding: 'utf-16le', words: 1, characters: 5 });
		expect(await stats(Buffer.from('Grüße', 'latin1'))).toMatchObject({ encoding: 'windows-1252', characters: 5 });
		expect(await stats('')).toMatchObject({ lines: 0, words: 0, characters: 0, longestLine: 0, topWords: [] });
	});

	it('counts a word once that lies where a piece ends', async () => {
		const line = `${'lorem ipsum '.repeat(9)}grüße\n`;
		const content = line.repeat(6_000);
		expect(await stats(content)).toMatchObject({ lines: 6_000, words: 6_000 * 19, characters: content.length });
	});

	it('bounds what it keeps of random letters', async () => {
		const content = Array.from({ length: 120_000 }, (_, i) => `w${i}`).join(' ');
		expect(await stats(content, { topWords: 1 })).toMatchObject({ words: 120_000, isTruncated: true });
	});

	it('refuses data', async () => {
		const failure = { class: 'input', code: 'text-binary' };
		await expect(stats(Buffer.from([1, 0, 2]))).rejects.toMatchObject({ failure });
	});
});

describe('csvprofile', () => {
	it('says what is in each column', async () => {
		const rows =
			'name,age,joined,score,ok\nada,36,2024-01-02,1.5,yes\nbob,,2023-05-06,2,no\n"c, d",40,2025-01-01,-1e2,yes\n';
		const { result, outputs } = await profile(rows, { sample: 1 });
		expect(result).toMatchObject({ rows: 3, uneven: 0, delimiter: ',', hasHeader: true, isTruncated: false });
		expect(result.columns).toMatchObject([
			{ name: 'name', type: 'text', empty: 0, distinct: 3, examples: ['ada', 'bob', 'c, d'] },
			{ name: 'age', type: 'integer', empty: 1, distinct: 2, min: 36, max: 40, mean: 38 },
			{ name: 'joined', type: 'date', min: '2023-05-06', max: '2025-01-01' },
			{ name: 'score', type: 'number', min: -100, max: 2, mean: (1.5 + 2 - 100) / 3 },
			{ name: 'ok', type: 'boolean', distinct: 2 },
		]);
		expect(outputs[0]).toMatchObject({ name: 'profile.json', mediaType: 'application/json' });
		const whole = JSON.parse(String(outputs[0]?.content));
		expect(whole).toMatchObject({ rows: 3, sample: [['ada', '36', '2024-01-02', '1.5', 'yes']] });
	});

	it('finds what stands between the cells, and whether there is a header', async () => {
		expect((await profile('a;b\n1,5;2\n')).result).toMatchObject({ delimiter: ';', hasHeader: true, rows: 1 });
		expect((await profile('a\tb\n1\t2\n')).result).toMatchObject({ delimiter: '\t' });
		expect((await profile('1,2\n3,4\n')).result).toMatchObject({ hasHeader: false, rows: 2 });
		expect((await profile('x,y\n3,4\n', { header: 'no' })).result).toMatchObject({ hasHeader: false, rows: 2 });
		expect((await profile('a|b\n', { delimiter: '|' })).result).toMatchObject({ delimiter: '|', rows: 0 });
		expect((await profile('')).result).toMatchObject({ rows: 0, columns: [] });
	});

	it('takes uneven rows, marks of byte order and other encodings', async () => {
		const { result } = await profile('\ufeffa,b\n1\n1,2,3\n');
		expect(result).toMatchObject({ rows: 2, uneven: 2 });
		expect(result.columns).toMatchObject([
			{ name: 'a', empty: 0 },
			{ name: 'b', empty: 1 },
			{ name: 'column 3', empty: 1 },
		]);
		const utf16 = await profile(Buffer.from('\ufeffä,b\n1,2\n', 'utf16le'));
		expect(utf16.result).toMatchObject({ encoding: 'utf-16le', columns: [{ name: 'ä' }, { name: 'b' }] });
	});

	it('stays small whatever is in the table', async () => {
		const wide = `${Array.from({ length: 1000 }, (_, i) => `column with a long name ${i}`).join(',')}\n`;
		const { result, outputs } = await profile(wide + `${'x'.repeat(90)},`.repeat(999).concat('y\n'));
		expect(JSON.stringify(result).length).toBeLessThan(60_000);
		expect(result.isTruncated).toBe(true);
		expect(JSON.parse(String(outputs[0]?.content)).columns).toHaveLength(1000);
		const many = Array.from({ length: 3000 }, (_, i) => `${i}`).join('\n');
		expect((await profile(`n\n${many}\n`)).result.columns).toMatchObject([{ distinct: 1000, isMoreDistinct: true }]);
	});

	it('refuses too many columns, a quote that never ends, and data', async () => {
		const cases: [Buffer | string, string][] = [
			[`${'a,'.repeat(1001)}b\n`, 'csv-columns'],
			[`a,b\n"${'x\n'.repeat(600_000)}`, 'csv-row'],
			['a,b\n"x', 'csv-damaged'],
			[Buffer.from([0x61, 0, 0x62]), 'text-binary'],
		];
		for (const [content, code] of cases) {
			await expect(profile(content)).rejects.toMatchObject({ failure: { class: 'input', code } });
		}
	});

	it('stops when told', async () => {
		const stop = new AbortController();
		const progress = () => stop.abort(new Error('enough'));
		const run = runTask(folder, csvprofile, { a: 'a,b\n'.repeat(500_000) }, {}, { signal: stop.signal, progress });
		await expect(run).rejects.toMatchObject({ name: 'AbortError' });
	});
});
