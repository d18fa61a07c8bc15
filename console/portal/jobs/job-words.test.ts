import { expect, it } from 'vitest';
import { countWords, jobHeadline, shareOf } from './job-words.ts';

const job = (parts: object = {}) => ({
	state: 'running' as const,
	isWhole: true,
	waiting: null,
	planned: null as number | null,
	tasks: { total: 40, open: 28, succeeded: 11, failed: 1, cancelled: 0 },
	...parts,
});

it('the share done is told of all tasks, and only when it is known of how many', () => {
	expect(shareOf(job())).toBeCloseTo(0.3);
	expect(shareOf(job({ state: 'feeding', isWhole: false, planned: 120 }))).toBeCloseTo(0.1);
	expect(shareOf(job({ state: 'feeding', isWhole: false }))).toBeNull();
	expect(shareOf(job({ tasks: { total: 0, open: 0, succeeded: 0, failed: 0, cancelled: 0 } }))).toBeNull();
	expect(shareOf(job({ state: 'cancelled', isWhole: false }))).toBe(1);
	// More than planned: files came meanwhile.
	expect(shareOf(job({ isWhole: false, planned: 10 }))).toBeCloseTo(0.3);
});

it('counts are told in words, those that failed with them', () => {
	expect(countWords(job())).toBe('12 of 40 tasks, 1 failed');
	expect(countWords(job({ isWhole: false, planned: 1_200 }))).toBe('12 of at least 1,200 tasks, 1 failed');
	expect(countWords(job({ state: 'done', tasks: { total: 1, open: 0, succeeded: 1, failed: 0, cancelled: 0 } }))).toBe(
		'1 task',
	);
});

it('a job without a task says that nothing was to be done', () => {
	const tasks = { total: 0, open: 0, succeeded: 0, failed: 0, cancelled: 0 };
	expect(jobHeadline(job({ state: 'done', tasks }))).toBe('There was nothing to do: no file fits.');
	expect(jobHeadline(job({ state: 'failed' }))).toBe('1 of 40 tasks failed. Look at those, then retry them.');
});
