import { describe, expect, it } from 'vitest';
import { TASK_STATES } from '../../../shared/protocol/task.ts';
import { canCancel, canRetry, headlineOf } from './headline.ts';

const task = {
	state: 'queued' as const,
	waitingBecause: null,
	node: null,
	phase: null,
	progress: null,
	startedAt: '2026-03-10T12:00:00.000Z',
	finishedAt: null,
	error: null,
	cancelRequested: false,
};

describe('the headline of a task', () => {
	it('gives the server’s reason while it waits', () => {
		const waitingBecause = 'No connected node has a capture-card';
		expect(headlineOf({ ...task, state: 'waiting', waitingBecause })).toBe('No connected node has a capture-card.');
	});

	it('tells where it runs and how far it is', () => {
		const running = { ...task, state: 'running' as const, node: 'lab-1', progress: 0.4, phase: 'resizing' };
		expect(headlineOf(running)).toBe('Runs on lab-1, 40 %, resizing.');
		expect(headlineOf({ ...running, cancelRequested: true })).toBe('Is being stopped.');
	});

	it('tells how long it took, and why it failed', () => {
		const finished = { ...task, finishedAt: '2026-03-10T12:00:01.500Z' };
		expect(headlineOf({ ...finished, state: 'succeeded' })).toBe('Done after 1.5 s.');
		const error = { code: 'unreadable', message: 'The picture is truncated' };
		expect(headlineOf({ ...finished, state: 'failed', error })).toBe('Failed after 1.5 s: The picture is truncated.');
	});

	it.each(TASK_STATES)('is one sentence for %s', (state) => {
		expect(headlineOf({ ...task, state })).toMatch(/^[A-Z].*\.$/);
	});

	it('comes with either cancel or retry, or with neither when all is well', () => {
		for (const state of TASK_STATES) expect(canCancel({ ...task, state }) && canRetry({ state })).toBe(false);
		expect(canCancel({ state: 'running', cancelRequested: true })).toBe(false);
		expect(canRetry({ state: 'succeeded' })).toBe(false);
	});
});
