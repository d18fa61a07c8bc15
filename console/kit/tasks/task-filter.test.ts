import { expect, it } from 'vitest';
import { filterOfUrl, isToldByPatches } from './task-filter.ts';

const [FILE, JOB] = [`fil_${'0'.repeat(26)}`, `job_${'0'.repeat(26)}`];
const FEW = ['state', 'type', 'queue', 'file', 'job'] as const;
const MORE = [...FEW, 'owner', 'node', 'errorCode', 'cause', 'after'] as const;
const read = (query: string, fields: Parameters<typeof filterOfUrl>[0] = MORE) =>
	filterOfUrl(fields, new URLSearchParams(query));

it('is read from the address', () => {
	const query = `state=failed&type=md5&node=vm-1&errorCode=io&job=${JOB}&after=2026-03-01T00:00:00Z`;
	expect(read(query)).toEqual({
		...{ state: 'failed', type: 'md5', node: 'vm-1', errorCode: 'io', job: JOB },
		after: '2026-03-01T00:00:00Z',
	});
	expect(read(`state=held&queue=priority&file=${FILE}`, FEW)).toEqual({ state: 'held', queue: 'priority', file: FILE });
	expect(read('')).toEqual({});
});

it('has neither what is not valid nor what the screen does not know', () => {
	expect(read('state=dreaming&type=%3Cb%3E&owner=all&job=1&after=now&cause=x&sort=-type')).toEqual({});
	expect(read('state=dreaming&type=%3Cscript%3E&queue=a.b&file=fil_1&node=vm-1', FEW)).toEqual({});
});

it('knows of what live updates tell enough', () => {
	expect(isToldByPatches({ state: 'open', type: 'md5' })).toBe(true);
	expect(isToldByPatches({ state: 'open', queue: 'normal' })).toBe(false);
});
