import { expect, test } from 'vitest';
import { parameterSchemaSchema } from '../../../shared/protocol/parameter-schema.ts';
import { parameterRows } from './parameter-rows.ts';

test('each parameter says what it is, what it takes and what it is when left alone', () => {
	const schema = parameterSchemaSchema.parse({
		type: 'object',
		required: ['width'],
		properties: {
			width: { type: 'integer', minimum: 1, maximum: 400, description: 'How wide', 'x-ui': { unit: 'pixels' } },
			fit: { type: 'string', enum: ['cover', 'contain'], default: 'cover' },
			tags: { type: 'array', items: { type: 'string' }, maxItems: 3 },
			crop: { type: 'object', properties: { left: { type: 'number', minimum: 0 } }, required: ['left'] },
			extra: {},
		},
	});
	const rows = parameterRows(schema);
	expect(rows.map(({ name, kind, takes, preset, isRequired }) => [name, kind, takes, preset, isRequired])).toEqual([
		['width', 'integer', '1 to 400', null, true],
		['fit', 'string', 'cover, contain', 'cover', false],
		['tags', 'list of strings', '3 at most', null, false],
		['crop', 'group', '', null, false],
		['crop.left', 'number', 'from 0', null, true],
		['extra', 'any JSON', '', null, false],
	]);
	expect(rows[0]).toMatchObject({ label: expect.stringContaining('(pixels)'), meaning: 'How wide' });
});
