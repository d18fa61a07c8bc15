import { expect, test } from 'vitest';
import { namedInputs } from './test-inputs.ts';

test('each line names a file of one’s own or of a dataset', () => {
	expect(namedInputs(' /a/b.jpg \n\nc.txt\ndataset:sample-images/shapes/a.png\ndataset:x')).toEqual([
		{ path: '/a/b.jpg' },
		{ path: '/c.txt' },
		{ dataset: 'sample-images', path: 'shapes/a.png' },
		{ dataset: 'x', path: '' },
	]);
	expect(namedInputs('\n \n')).toEqual([]);
});
