import { expect, it } from 'vitest';
import { filterOfUrl, filterWords, isToldByPatches, steerFilterOf } from './task-filter.ts';

const JOB = `job_${'0'.repeat(26)}`;
const read = (query: string) => filterOfUrl(new URLSearchParams(query));

it('is read from the address, without what is not valid', () => {
	const query = `state=failed&type=md5&node=vm-1&errorCode=io&job=${JOB}&after=2026-03-01T00:00:00Z`;
	expect(read(query)).toEqual({
		...{ state: 'failed', type: 'md5', node: 'vm-1', errorCode: 'io', job: JOB },
		after: '2026-03-01T00:00:00Z',
	});
	expect(read('state=dreaming&type=%3Cb%3E&owner=all&job=1&after=now&cause=x&sort=-type')).toEqual({});
});

it('is told in words, as the button of an act has it', () => {
	expect(filterWords(read('type=md5&state=unsuccessful&queue=normal'))).toBe(
		'state failed in any way, type md5, queue normal',
	);
	expect(filterWords({})).toBe('');
});

it('is what an act is on, but for everything and for a cause', () => {
	expect(steerFilterOf({})).toBe(null);
	expect(steerFilterOf({ cause: '0'.repeat(16), type: 'md5' })).toBe(null);
	expect(steerFilterOf({ state: 'open', node: 'vm-1' })).toEqual({ state: 'open', node: 'vm-1' });
});

it('knows of what live updates tell enough', () => {
	expect(isToldByPatches({ state: 'open', type: 'md5' })).toBe(true);
	expect(isToldByPatches({ state: 'open', queue: 'normal' })).toBe(false);
});
