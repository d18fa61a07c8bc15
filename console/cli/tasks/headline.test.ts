import { describe, expect, it } from 'vitest';
import type { TaskDetail } from '../../../shared/protocol/task.ts';
import { makeTaskDetail } from '../../../test/support/make-task-detail.ts';
import { headline } from './headline.ts';

const TASK = makeTaskDetail({
	type: 'thumbnail',
	startedAt: '2026-01-01T00:00:01Z',
	finishedAt: '2026-01-01T00:00:03.500Z',
	inputs: [{ file: 'fil_1', path: '/a.jpg', version: 1, sha256: '' }],
});
const of = (fields: Partial<TaskDetail>) => headline({ ...TASK, ...fields });

describe('headline', () => {
	it('says why a task waits, in the server’s words', () => {
		expect(of({ waitingBecause: 'No node serves the queue normal' })).toBe(
			'thumbnail of /a.jpg is queued: No node serves the queue normal.',
		);
		expect(of({})).toBe('thumbnail of /a.jpg is queued.');
	});

	it('says where a task runs and how far it is', () => {
		expect(of({ state: 'running', node: 'mill-1', progress: 0.4, phase: 'resizing' })).toBe(
			'thumbnail of /a.jpg is running on mill-1 (40 %, resizing).',
		);
		expect(of({ state: 'running', node: 'mill-1', cancelRequested: true })).toBe(
			'thumbnail of /a.jpg is being cancelled on mill-1.',
		);
	});

	it('says how a task ended', () => {
		expect(of({ state: 'succeeded', node: 'mill-1' })).toBe('thumbnail of /a.jpg was done on mill-1 in 2.5 s.');
		const error = { code: 'bad-image', message: 'The image is broken' };
		expect(of({ state: 'failed', error })).toBe('thumbnail of /a.jpg failed: The image is broken.');
		expect(of({ state: 'quarantined', error })).toContain('set aside (quarantined): The image is broken.');
		expect(of({ state: 'cancelled' })).toBe('thumbnail of /a.jpg was cancelled.');
		expect(of({ state: 'expired' })).toBe('thumbnail of /a.jpg expired before it could start.');
	});

	it('names a task without files, with lost files and with several', () => {
		expect(of({ inputs: [] })).toBe('thumbnail is queued.');
		const lost = { file: 'fil_1', path: null, version: 1, sha256: '' };
		expect(of({ inputs: [lost, lost, lost] })).toBe('thumbnail of fil_1 and 2 more is queued.');
	});
});
