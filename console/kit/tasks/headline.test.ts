import { describe, expect, it } from 'vitest';
import { TASK_STATES } from '../../../shared/protocol/task.ts';
import { canCancel, canHold, canRelease, canRetry, headlineOf } from './headline.ts';

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

describe('holding and releasing', () => {
	const ann = { id: 'usr_ann', username: 'ann', role: 'user' as const };
	const olga = { id: 'usr_olga', username: 'olga', role: 'operator' as const };
	const held = (by: string) => ({ since: '2026-03-10T12:00:00.000Z', reason: null, by });
	const queued = { state: 'queued' as const, owner: ann.id, cancelRequested: false, held: null };

	it('is for owners and operators, before it runs', () => {
		expect([canHold(queued, ann), canHold(queued, olga)]).toEqual([true, true]);
		expect(canHold({ ...queued, owner: 'usr_ben' }, ann)).toBe(false);
		expect(canHold({ ...queued, state: 'running' }, olga)).toBe(false);
		expect(canHold({ ...queued, held: held('ann') }, ann)).toBe(false);
	});

	it('lets an owner end the own hold, and operators any', () => {
		expect(canRelease(queued, olga)).toBe(false);
		expect(canRelease({ ...queued, held: held('ann') }, ann)).toBe(true);
		expect(canRelease({ ...queued, held: held('olga') }, ann)).toBe(false);
		expect(canRelease({ ...queued, held: held('ann') }, olga)).toBe(true);
	});
});
