import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseName } from '../files/safe-path.ts';
import { fileName, type NameParts } from './file-namer.ts';

const parts = (changes: Partial<NameParts> = {}): NameParts => ({
	input: 'holiday.photo.png',
	output: 'resized.jpg',
	type: 'resize',
	at: Date.UTC(2026, 10, 29, 12),
	result: { width: 200, height: 133, note: 'a/b' },
	...changes,
});

describe('a file’s name', () => {
	it('is made of what the template says', () => {
		const cases: [string, string][] = [
			['{stem}-{width}x{height}.{ext}', 'holiday.photo-200x133.jpg'],
			['{stem}-{type}.{ext}', 'holiday.photo-resize.jpg'],
			['{date} {name}', '2026-11-29 holiday.photo.png'],
			['{output}', 'resized.jpg'],
			['{nothing}{constructor}x.{ext}', 'x.jpg'],
			['{note}.{ext}', 'a_b.jpg'],
			['../{stem}.{ext}', '.._holiday.photo.jpg'],
		];
		for (const [template, name] of cases) expect(fileName(template, parts())).toBe(name);
	});

	it('takes the extension of what was put out, the input’s where that has none, and does without', () => {
		expect(fileName('{stem}.{ext}', parts({ output: 'list' }))).toBe('holiday.photo.png');
		expect(fileName('{stem}.{ext}', parts({ output: 'list', input: 'README' }))).toBe('README');
		expect(fileName('{stem}.{ext}', parts({ output: 'a.csv', input: null }))).toBe('resize.csv');
	});

	it('is called output when nothing else can be made of it', () => {
		expect(fileName('{nothing}', parts())).toBe('output.jpg');
		expect(fileName('..', parts({ output: 'x', input: null }))).toBe('output');
		expect(fileName('\ud800', parts())).toBe('output.jpg');
	});

	it('is always one that can be stored, and keeps its ending when it is cut', () => {
		const long = fileName('{stem}-{type}.{ext}', parts({ input: `${'ü'.repeat(125)}.jpg` }));
		expect([long.endsWith('-.jpg'), Buffer.byteLength(long)]).toEqual([true, 255]);
		const text = fc.string({ unit: 'binary', maxLength: 300 });
		fc.assert(
			fc.property(text, text, text, (template, input, output) => {
				const name = fileName(template, parts({ input, output }));
				expect(parseName(name)).toBe(name);
			}),
			{ numRuns: 500 },
		);
	});
});
