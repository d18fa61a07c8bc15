import { describe, expect, it } from 'vitest';
import type { TaskSummary } from '../../../shared/protocol/task.ts';
import { shortState } from './state-words.ts';

const held = { since: '2026-01-02T03:04:05Z', reason: null, by: 'olga' };
const words = (fields: Partial<TaskSummary>) =>
	shortState({ state: 'queued', held: null, boosted: false, progress: null, ...fields } as TaskSummary).text;

describe('the state of a task in a list', () => {
	it('is held whatever it waits for, and marked when it goes before others', () => {
		expect(words({})).toBe('queued');
		expect(words({ held, boosted: true, state: 'retrying' })).toBe('held');
		expect(words({ boosted: true })).toBe('queued, boosted');
	});
	it('has the progress of what runs, which goes on though it is held', () => {
		expect(words({ state: 'running', progress: 0.4, held })).toBe('running 40 %, held');
	});
	it('says nothing of holds once it is over', () => {
		expect(words({ state: 'succeeded', held, boosted: true })).toBe('done');
	});
});
