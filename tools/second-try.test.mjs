import { expect, test } from 'vitest';
import { filesToTryAgain } from './second-try.mjs';

const failed = (file, why = 'expected 1 to be 2', what = 'a test') => ({ file, what, why });

test('files whose tests failed are tried again once each', () => {
	expect(filesToTryAgain([failed('a.test.ts'), failed('a.test.ts'), failed('b.test.ts')])).toEqual([
		'a.test.ts',
		'b.test.ts',
	]);
	expect(filesToTryAgain([])).toEqual([]);
});

test.each([
	['a counterexample', [failed('a.test.ts'), failed('b.test.ts', 'Property failed after 3 tests')]],
	['an error outside any test', [failed(null)]],
	['a file that does not load', [failed('a.test.ts', 'no such module', 'the file itself')]],
	['many at once', ['a', 'b', 'c', 'd', 'e'].map((file) => failed(file))],
])('%s is a defect at once', (_what, failures) => {
	expect(filesToTryAgain(failures)).toEqual([]);
});
