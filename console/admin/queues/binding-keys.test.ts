import { expect, test } from 'vitest';
import { readBindings } from './binding-keys.ts';

test('binding keys are read line by line, each once, and the first that is none is told', () => {
	expect(readBindings(' a.#\n\na.#, *.b ', 'none')).toEqual({ keys: ['a.#', '*.b'], fault: null });
	expect(readBindings(' \n', 'none').fault).toBe('none');
	expect(readBindings('a.#\nb..c', 'none').fault).toMatch(/^b\.\.c is none/);
	expect(readBindings(Array.from({ length: 101 }, (_, i) => `k${i}`).join('\n'), 'none').fault).toMatch(/100/);
});
