import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parameterSchemaSchema } from '../../../shared/protocol/parameter-schema.ts';
import { readList } from './field-list.tsx';
import { readNumber } from './field-number.tsx';
import { labelAt } from './field-words.ts';
import { formSections } from './form-sections.ts';
import { type FormAct, fieldOf, formFaults, nextForm, sentValues, startForm, toldFaults } from './form-state.ts';
import { jsonErrorAt } from './json-place.ts';

const SCHEMA = parameterSchemaSchema.parse({
	type: 'object',
	properties: {
		width: { type: 'integer', minimum: 1, title: 'Width', 'x-ui': { group: 'Size' } },
		format: { type: 'string', enum: ['jpeg', 'png'], default: 'jpeg' },
		quality: {
			type: 'integer',
			maximum: 100,
			'x-ui': { group: 'Size', order: 0, showIf: { parameter: 'format', equals: 'jpeg' } },
		},
		crop: {
			type: 'object',
			title: 'Crop',
			properties: { left: { type: 'integer', title: 'Left' } },
			required: ['left'],
		},
		sizes: { type: 'array', items: { type: 'integer' }, title: 'Sizes' },
		strip: { type: 'boolean', 'x-ui': { advanced: true } },
	},
	required: ['width'],
});

const formAfter = (...acts: FormAct[]) => acts.reduce(nextForm, startForm({}));
const set = (name: string, value: unknown): FormAct => ({ kind: 'set', name, value: value as never });
const told = (...acts: FormAct[]) =>
	toldFaults(SCHEMA, formAfter(...acts)).map(({ path, message }) => `${path} ${message}`);

describe('the form', () => {
	it('tells nothing of fields that nobody was in, and everything once it was to be sent', () => {
		expect(told(set('width', 0))).toEqual([]);
		expect(told(set('width', 0), { kind: 'touch', path: 'width' })).toEqual(['width must be 1 or more']);
		expect(told(set('sizes', ['x']), { kind: 'touch', path: 'sizes' })).toEqual(['sizes.0 must be a whole number']);
		expect(told({ kind: 'try' })).toEqual(['width is needed']);
	});

	it('neither sends nor checks what is hidden, and has it again when it is shown', () => {
		const hidden = formAfter(set('width', 1), set('quality', 200), set('format', 'png'));
		expect(sentValues(SCHEMA, hidden.values)).toEqual({ width: 1, format: 'png' });
		expect(formFaults(SCHEMA, hidden)).toEqual([]);
		const shown = nextForm(hidden, set('format', undefined));
		expect(formFaults(SCHEMA, shown)).toEqual([{ path: 'quality', message: 'must be 100 or less' }]);
	});

	it('keeps what the server refused until that field changes', () => {
		const refuse: FormAct = { kind: 'refuse', faults: [{ path: 'crop.left', message: 'is off' }] };
		const good = [set('width', 1), set('crop', { left: 1 })];
		expect(told(...good, refuse)).toEqual(['crop.left is off']);
		expect(told(...good, refuse, set('width', 2))).toEqual(['crop.left is off']);
		expect(told(...good, refuse, set('crop', { left: 2 }))).toEqual([]);
	});

	it('is the same as fields and as JSON, both ways', () => {
		const written = formAfter({ kind: 'json', text: '{"width": 5, "sizes": [1]}' });
		expect([written.values, formFaults(SCHEMA, written)]).toEqual([{ width: 5, sizes: [1] }, []]);
		const edited = nextForm(written, set('width', 6));
		expect([edited.values, edited.json]).toEqual([{ width: 6, sizes: [1] }, null]);
	});

	it('keeps broken JSON, says where it is broken, and cannot be sent with it', () => {
		const broken = formAfter(set('width', 5), { kind: 'json', text: '{\n"width": 5,\n"sizes": x\n}' });
		expect(broken.json).toContain('x');
		expect(broken.values).toEqual({ width: 5 });
		expect(formFaults(SCHEMA, broken)).toEqual([{ path: '', message: 'is not JSON: see line 3, character 10' }]);
		expect(formFaults(SCHEMA, nextForm(broken, { kind: 'json', text: '[1]' }))[0]?.message).toContain('object');
		expect(formFaults(SCHEMA, nextForm(broken, { kind: 'json', text: '{"width": 5' }))[0]?.message).toContain(
			'not JSON',
		);
		expect(formFaults(SCHEMA, nextForm(broken, set('width', 7)))).toEqual([]);
	});

	it('tells of what no field is for, and does not drop it', () => {
		const odd = formAfter({ kind: 'json', text: '{"width": 1, "wdith": 2}' }, { kind: 'try' });
		expect(toldFaults(SCHEMA, odd)).toEqual([{ path: 'wdith', message: 'is not a parameter' }]);
		expect(labelAt(SCHEMA, 'wdith')).toBe('“wdith”');
	});
});

describe('what is shown', () => {
	it('stands in groups by order, advanced settings apart', () => {
		expect(formSections(SCHEMA, {})).toEqual({
			sections: [
				{ title: 'Size', names: ['quality', 'width'] },
				{ title: null, names: ['format', 'crop', 'sizes'] },
			],
			advanced: ['strip'],
		});
		expect(formSections(SCHEMA, { format: 'png' }).sections[0]).toEqual({ title: 'Size', names: ['width'] });
	});

	it('names fields for people, entries by number', () => {
		expect(['width', 'crop.left', 'sizes.2', ''].map((path) => labelAt(SCHEMA, path))).toEqual([
			'Width',
			'Crop: Left',
			'Sizes, entry 3,',
			'The JSON',
		]);
		expect(['crop.left', 'sizes.2', 'width'].map((path) => fieldOf(SCHEMA, path))).toEqual([
			'crop.left',
			'sizes',
			'width',
		]);
	});
});

it('text that is no number stays what it is', () => {
	expect(['', ' 5 ', '1.', '-2', '1e3', '0x10', 'wide', '-'].map(readNumber)).toEqual([
		undefined,
		5,
		1,
		-2,
		1000,
		'0x10',
		'wide',
		'-',
	]);
});

it('a list has an entry on each line', () => {
	expect(readList('1\n\n x \n3', { type: 'integer' })).toEqual([1, 'x', 3]);
	expect(readList('yes\nmaybe\nconstructor', { type: 'boolean' })).toEqual([true, 'maybe', 'constructor']);
	expect(readList('\n', { type: 'string' })).toBeUndefined();
});

it('finds the place where a text stops being JSON', () => {
	fc.assert(fc.property(fc.json(), (text) => jsonErrorAt(text) === text.length));
	const bad = ['{"a": 1,}', '[1 2]', '{a: 1}', '[1', '', '{"a"}', '1 2', "{'a': 1}", '[1,\n x]', '{"a":]', '["\t"]'];
	expect(bad.map(jsonErrorAt)).toEqual([8, 3, 1, 2, 0, 4, 2, 1, 5, 5, 1]);
});
