import { expect, it } from 'vitest';
import { NOTICE_KINDS } from '../../../shared/protocol/notice.ts';
import { NOTICE_LOOKS, placeOfSubject } from './notice-words.ts';

it('a notice leads to what it is about, where that has a page', () => {
	expect(placeOfSubject('tsk_1')).toBe('/tasks/tsk_1');
	expect(placeOfSubject('job_1')).toBe('/jobs/job_1');
	expect(placeOfSubject('sch_1')).toBe('/schedules/sch_1');
	expect(placeOfSubject('src_1')).toBe('/sources/src_1');
	expect(placeOfSubject('xyz_1')).toBeNull();
	expect(placeOfSubject(null)).toBeNull();
});

it('every kind of notice has a word of its own', () => {
	expect(new Set(NOTICE_KINDS.map((kind) => NOTICE_LOOKS[kind].word)).size).toBe(NOTICE_KINDS.length);
});
