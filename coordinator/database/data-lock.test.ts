import { afterAll, expect, test } from 'vitest';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { DataLock } from './data-lock.ts';

const folder = new TempFolder();
afterAll(() => folder[Symbol.asyncDispose]());

test('a data folder has one holder at a time, and the next when it is let go', () => {
	const file = folder.join('coordinator.lock');
	const first = new DataLock(file);
	expect(() => new DataLock(file)).toThrow(expect.objectContaining({ code: 'conflict' }));
	using _ = new DataLock(folder.join('another.lock'));
	first[Symbol.dispose]();
	using second = new DataLock(file);
	expect(second).toBeDefined();
	expect(() => new DataLock(file)).toThrow(/Another coordinator/);
});
