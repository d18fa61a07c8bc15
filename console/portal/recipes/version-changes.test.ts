import { describe, expect, it } from 'vitest';
import { BUILT_IN_TASK_TYPES } from '../../../shared/protocol/built-in-task-types.ts';
import { recipeDraftSchema } from '../../../shared/protocol/recipe.ts';
import { versionChanges } from './version-changes.ts';

const recipe = (steps: object[], more: object = {}) => recipeDraftSchema.parse({ name: 'Small', steps, ...more });
const changes = (...[before, after]: [ReturnType<typeof recipe>, ReturnType<typeof recipe>]) =>
	versionChanges(before, after, BUILT_IN_TASK_TYPES);

const MD5 = { type: 'md5' };
const RESIZE = { type: 'resize', parameters: { width: 400 } };

describe('what a version changed', () => {
	it.each<[string, object[], object[], string[]]>([
		['a step that comes', [MD5], [RESIZE, MD5], ['Resize a picture added']],
		['a step that goes', [MD5, RESIZE], [RESIZE], ['MD5 checksum taken out']],
		['one of two that are the same', [MD5, MD5], [MD5], ['MD5 checksum taken out']],
		['a setting', [RESIZE], [{ type: 'resize', parameters: { width: 800 } }], ['Resize a picture: Width 400 → 800']],
		['a setting that is left out', [RESIZE], [{ type: 'resize' }], ['Resize a picture: Width 400 → default']],
		[
			'where outputs go, and for which files',
			[RESIZE],
			[{ ...RESIZE, accepts: ['image/png'], results: { place: 'folder', folder: '/small' } }],
			['Resize a picture: kinds of files default → image/png, Outputs go into /small'],
		],
		['their order', [MD5, RESIZE], [RESIZE, MD5], ['The steps stand in another order']],
		['a type that is not there any more', [MD5], [MD5, { type: 'gone' }], ['gone added']],
		['nothing', [MD5], [MD5], ['Nothing changed']],
	])('names %s', (_, before, after, expected) => {
		expect(changes(recipe(before), recipe(after))).toEqual(expected);
	});

	it('names the name and the description', () => {
		expect(changes(recipe([MD5]), recipe([MD5], { name: 'Tiny', description: 'As small as it goes' }))).toEqual([
			'Renamed from Small to Tiny',
			'Description: As small as it goes',
		]);
	});

	it('says of the same settings in another order that nothing changed, and cuts what is long', () => {
		const a = recipe([{ type: 'noop', parameters: { echo: { b: 1, a: 2 } } }]);
		const b = recipe([{ type: 'noop', parameters: { echo: { a: 2, b: 1 } } }]);
		expect(changes(a, b)).toEqual(['Nothing changed']);
		const [long = ''] = changes(a, recipe([{ type: 'noop', parameters: { echo: 'x'.repeat(5_000) } }]));
		expect(long.length).toBeLessThan(250);
	});
});
