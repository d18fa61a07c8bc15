import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parameterSchemaSchema } from '../../../shared/protocol/parameter-schema.ts';
import { readPair, readParameters, readParametersJson, requireFitting } from './parameters.ts';

const SCHEMA = parameterSchemaSchema.parse({
	type: 'object',
	properties: {
		width: { type: 'integer', minimum: 1 },
		ratio: { type: 'number' },
		title: { type: 'string' },
		deep: { type: 'boolean' },
		mode: { type: 'string', enum: ['fast', 'slow'] },
		level: { type: 'integer', enum: [1, 2, 3] },
		sizes: { type: 'array', items: { type: 'integer' } },
		options: { type: 'object', properties: { a: { type: 'integer' } } },
		anything: {},
	},
});

const read = (...pairs: string[]) => readParameters(pairs.map(readPair), SCHEMA);

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

	it('takes JSON where anything goes, or else the text', () => {
		expect(read('anything=[1]')).toEqual({ anything: [1] });
		expect(read('anything=null')).toEqual({ anything: null });
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
		expect(() => read('__proto__={"a":1}')).toThrow('There is no parameter __proto__');
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

describe('requireFitting', () => {
	it('says all that does not fit at once', () => {
		const said = 'width must be 1 or more; options.b is not a parameter; mode must be one of: fast, slow';
		const bad = { width: 0, options: { b: 1 }, mode: 'x' };
		expect(() => requireFitting(bad, SCHEMA)).toThrow(said);
		expect(requireFitting({ width: 1 }, SCHEMA)).toBeUndefined();
	});
});
