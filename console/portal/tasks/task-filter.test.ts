import { describe, expect, it } from 'vitest';
import { filterOfUrl } from './task-filter.ts';

const FILE = `fil_${'0'.repeat(26)}`;
const read = (query: string) => filterOfUrl(new URLSearchParams(query));

describe('the filter in the address', () => {
	it('is read', () => {
		const query = `state=failed&type=thumbnail&queue=priority&file=${FILE}`;
		expect(read(query)).toEqual({ state: 'failed', type: 'thumbnail', queue: 'priority', file: FILE });
		expect(read('state=held')).toEqual({ state: 'held' });
		expect(read('')).toEqual({});
	});

	it('drops what is not valid, and what it does not know', () => {
		expect(read('state=dreaming&type=%3Cscript%3E&queue=a.b&file=fil_1&owner=all')).toEqual({});
	});
});
