import { expect, it } from 'vitest';
import type { TaskPatch } from '../live/task-patches.ts';
import { freshTasks, MOST_FRESH, momentOf, newestOf } from './fresh-tasks.ts';

/** Of a moment; within one, ids are in no order. */
const id = (moment: number, rest = '0') => `tsk_${String(moment).padStart(10, '0')}${rest.repeat(16)}`;
const patch = (name: number, options: Partial<TaskPatch> = {}): TaskPatch => ({
	...{ kind: 'task', id: id(name), version: 1, type: 'md5', state: 'queued', progress: null },
	...{ phase: null, file: null, node: null },
	...options,
});
const shown = { ids: new Set([id(5), id(7)]), top: momentOf(id(7)), end: id(5) };
const fresh = (patches: TaskPatch[], filter = {}) => [...freshTasks(patches, filter, shown, new Set())];

it('are those that came since, and those that fit by now where the list is read', () => {
	expect(fresh([patch(5), patch(7), patch(9)])).toEqual([id(9)]);
	expect(fresh([patch(6, { state: 'failed' }), patch(9)], { state: 'failed' }), 'within the list').toEqual([id(6)]);
	expect(fresh([patch(3, { state: 'failed' })], { state: 'failed' }), 'past what is read').toEqual([]);
});

it('may be any new ones where patches do not tell what the filter asks', () => {
	expect(fresh([patch(6), patch(8), patch(9, { type: 'noop' })], { queue: 'normal', type: 'md5' })).toEqual([id(8)]);
});

it('are counted once, and no further than can be told', () => {
	const seen = freshTasks([patch(9)], {}, shown, new Set());
	expect(freshTasks([patch(9, { version: 2 })], {}, shown, seen)).toBe(seen);
	const many = Array.from({ length: 3 * MOST_FRESH }, (_, at) => patch(10 + at));
	expect(freshTasks(many, {}, shown, seen).size).toBe(MOST_FRESH + 1);
});

it('begin after the moment of the newest row, wherever that is', () => {
	expect(newestOf([{ id: id(2) }, { id: id(4, 'a') }, { id: id(4, 'b') }, { id: id(3) }])).toBe(momentOf(id(4)));
	expect(newestOf([])).toBe('');
});

it('are not those of the same batch as a row that is shown: they come further down', () => {
	const sameMoment = { ...patch(7), id: id(7, 'z') };
	expect(fresh([sameMoment], { queue: 'normal' })).toEqual([]);
	expect(fresh([{ ...patch(5), id: id(5, 'z') }])).toEqual([]);
});
