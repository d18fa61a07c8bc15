import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readParameters, readParametersJson } from './parameters.ts';

const SCHEMA = {
	type: 'object',
	additionalProperties: false,
	properties: {
		width: { type: 'integer' },
		ratio: { type: 'number' },
		title: { type: 'string' },
		deep: { type: 'boolean' },
		mode: { enum: ['fast', 'slow'] },
		level: { enum: [1, 2, 3] },
		maybe: { type: ['integer', 'null'] },
		either: { anyOf: [{ type: 'number' }, { type: 'string' }] },
		sizes: { type: 'array', items: { type: 'integer' } },
		options: { type: 'object' },
		anything: {},
	},
};

const read = (...pairs: string[]) => readParameters(pairs, SCHEMA);

describe('readParameters', () => {
	it('gives each value the type that the schema says', () => {
		const pairs = ['width=20', 'ratio=1.5e2', 'title=007', 'deep=yes', 'mode=fast', 'level=2', 'options={"a":1}'];
		expect(read(...pairs)).toEqual({
			width: 20,
			ratio: 150,
			title: '007',
			deep: true,
			mode: 'fast',
			level: 2,
			options: { a: 1 },
		});
	});

	it('takes the narrowest of several types', () => {
		expect(read('maybe=')).toEqual({ maybe: null });
		expect(read('maybe=4')).toEqual({ maybe: 4 });
		expect(read('either=4')).toEqual({ either: 4 });
		expect(read('either=four')).toEqual({ either: 'four' });
		expect(read('anything=[1]')).toEqual({ anything: [1] });
		expect(read('anything=a=b')).toEqual({ anything: 'a=b' });
	});

	it('makes a list of repeated ones, or takes it as JSON', () => {
		expect(read('sizes=1', 'sizes=2')).toEqual({ sizes: [1, 2] });
		expect(read('sizes=1')).toEqual({ sizes: [1] });
		expect(read('sizes=[1,2]')).toEqual({ sizes: [1, 2] });
	});

	it.each([
		['width=1.5', 'integer'],
		['width=', 'integer'],
		['width=0x10', 'integer'],
		['ratio=NaN', 'number'],
		['deep=maybe', 'boolean'],
		['options=[]', 'object'],
		['wdith=1', 'width, ratio'],
		['width', 'name=value'],
		['=1', 'name=value'],
	])('refuses %s and says what is wanted', (pair, said) => {
		expect(() => read(pair)).toThrow(said);
	});

	it('refuses a single value that is given twice', () => {
		expect(() => read('width=1', 'width=2')).toThrow('twice');
	});

	it('takes names of JavaScript’s own for what they are', () => {
		expect(() => read('constructor=1')).toThrow('There is no parameter constructor');
		const open = readParameters(['__proto__={"a":1}'], { type: 'object' });
		expect(Object.keys(open)).toEqual(['__proto__']);
		expect(({} as { a?: number }).a).toBeUndefined();
	});

	it('hands every string on unchanged where a string is wanted', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => {
				expect(read(`title=${text}`)).toEqual({ title: text });
			}),
		);
	});

	it('hands every safe integer and finite number on unchanged', () => {
		fc.assert(
			fc.property(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }), (width, ratio) => {
				expect(read(`width=${width}`, `ratio=${ratio}`)).toEqual({ width, ratio: Number(String(ratio)) });
			}),
		);
	});
});

describe('readParametersJson', () => {
	it('takes one JSON object and nothing else', () => {
		expect(readParametersJson('{"a": [1]}')).toEqual({ a: [1] });
		for (const text of ['[]', 'null', '1', '{', '']) expect(() => readParametersJson(text)).toThrow('--params');
	});
});
