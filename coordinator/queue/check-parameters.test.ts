import { expect, test } from 'vitest';
import { fitsPattern } from '../../shared/media-type-pattern.ts';
import { BUILT_IN_TASK_TYPES } from '../../shared/protocol/built-in-task-types.ts';
import type { Manifest } from '../../shared/protocol/task-type.ts';
import { factsOf } from '../jobs/task-facts.ts';
import { checkInputCount, ParameterChecks } from './check-parameters.ts';

const type = (name: string) => BUILT_IN_TASK_TYPES.find((manifest) => manifest.name === name) as Manifest;

test('parameters that fit pass, and those left out get their defaults', () => {
	const parameters = { width: 10 };
	expect(new ParameterChecks().check(type('thumbnail'), parameters)).toEqual([]);
	expect(parameters).toEqual({ width: 10, height: 210, fit: 'inside', format: 'jpeg' });
});

test('every parameter that does not fit is named with its path', () => {
	const fields = new ParameterChecks().check(type('thumbnail'), { width: 'wide', colour: 'red' });
	expect(fields.map(({ path }) => path).sort()).toEqual(['parameters.colour', 'parameters.width']);
});

test('types of the same $id are each checked by their own schema', () => {
	const called = (property: string): Manifest => {
		const parameters = {
			$id: 'https://types.example/same',
			type: 'object',
			properties: { [property]: {} },
			required: [property],
		};
		return { ...type('noop'), parameters } as unknown as Manifest;
	};
	const checks = new ParameterChecks();
	for (const property of ['a', 'b', 'c']) {
		expect(checks.check(called(property), { [property]: 1 })).toEqual([]);
		expect(new ParameterChecks().check(called(property), {})).toMatchObject([{ path: `parameters.${property}` }]);
	}
	const broken = { ...type('noop'), parameters: { type: 'nothing' } } as unknown as Manifest;
	for (const _ of ['first', 'again']) expect(() => checks.check(broken, {})).toThrow('type must be');
});

test('the number of inputs is the task type’s to say', () => {
	expect(() => checkInputCount(type('md5'), 0)).toThrow('exactly 1');
	expect(() => checkInputCount(type('noop'), 101)).toThrow('0 to 100');
	expect(checkInputCount(type('md5'), 1)).toBeUndefined();
});

test('media types fit patterns by whole words', () => {
	expect(fitsPattern('image/png', 'image/*')).toBe(true);
	expect(fitsPattern('image/png', '*/*')).toBe(true);
	expect(fitsPattern('imagex/png', 'image/*')).toBe(false);
	expect(fitsPattern('image/png', 'image/jpeg')).toBe(false);
});

test('only facts of the expected kind get from a result to a file', () => {
	const md5 = '0cc175b9c0f1b6a831c399e269772661';
	expect(factsOf('md5', `{"md5":"${md5}","path":"../x"}`, [])).toEqual({ facts: { md5 }, thumbnail: null });
	expect(factsOf('md5', '{"md5":"<script>"}', [])?.facts).toEqual({});
	expect(factsOf('mimetype', '{"mimetype":"text/html\\"><script>"}', [])?.facts).toEqual({});
	expect(factsOf('mimetype', `{"mimetype":"${'x'.repeat(300)}"}`, [])).toEqual({ facts: {}, thumbnail: null });
	expect(factsOf('mimetype', '{"mimetype":{"a":1}}', [])?.facts).toEqual({});
	expect(factsOf('noop', '{"md5":"abc"}', [])).toBeNull();
	expect(factsOf('__proto__', '{}', [])).toBeNull();
});

test('a small thumbnail becomes the file’s, a large one stays a result', () => {
	const result = (width: number) =>
		JSON.stringify({ width, height: 80, source: { width: 4000, height: 3000, x: [1] } });
	expect(factsOf('thumbnail', result(120), ['thumbnail.jpg'])).toEqual({
		facts: { width: 4000, height: 3000 },
		thumbnail: 'thumbnail.jpg',
	});
	expect(factsOf('thumbnail', result(2000), ['thumbnail.jpg'])?.thumbnail).toBeNull();
});
