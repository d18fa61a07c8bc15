import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileDetail, FolderEntry } from '../../../shared/protocol/file.ts';
import type { TaskSummary } from '../../../shared/protocol/task.ts';
import { type Pages, rowsOf } from '../../kit/live/pages.ts';
import { indexPatches, patchTaskList, type TaskPatch } from '../../kit/live/task-patches.ts';
import { patchFolder, placeFile, withoutEntry } from './apply-patch.ts';

const id = (prefix: string, name: string) => `${prefix}_${name.padStart(26, '0')}`;
const AT = '2026-03-10T12:00:00.000Z';

const file = (name: string, options: Partial<FileDetail> = {}): FileDetail => ({
	id: id('fil', name),
	path: `/photos/${name}`,
	name,
	size: 1,
	sha256: 'a'.repeat(64),
	version: 1,
	createdAt: AT,
	modifiedAt: AT,
	trashedAt: null,
	facts: {},
	thumbnail: null,
	tasks: [],
	versions: [],
	versionsCursor: null,
	settlesAt: null,
	...options,
});
const entry = (detail: FileDetail): FolderEntry => {
	const { versions: _, versionsCursor: __, settlesAt: ___, ...summary } = detail;
	return { ...summary, kind: 'file' };
};
const folder = (name: string): FolderEntry => ({
	kind: 'folder',
	id: id('fol', name),
	path: `/photos/${name}`,
	name,
	createdAt: AT,
});
const pages = <T>(...lists: T[][]): Pages<T> => ({
	pages: lists.map((items, at) => ({ items, nextCursor: at === lists.length - 1 ? null : `c${at}` })),
	pageParams: lists.map(() => undefined),
});
const task = (name: string, options: Partial<TaskSummary> = {}) =>
	({ id: id('tsk', name), version: 1, type: 'md5', state: 'queued', progress: null, ...options }) as TaskSummary;
const patch = (name: string, options: Partial<TaskPatch> = {}): TaskPatch => ({
	kind: 'task',
	id: id('tsk', name),
	version: 2,
	type: 'md5',
	state: 'running',
	progress: 0.4,
	phase: null,
	file: null,
	node: 'nod_1',
	...options,
});
const names = (list: Pages<FolderEntry>) => rowsOf(list).map(({ name }) => name);

describe('a task’s patch', () => {
	it('changes the task in a list, in place, and leaves the other pages as they are', () => {
		const before = pages([task('a')], [task('b')]);
		const after = patchTaskList(before, indexPatches([patch('b')]));
		expect(rowsOf(after)[1]).toMatchObject({ state: 'running', progress: 0.4, node: 'nod_1', version: 2 });
		expect(after.pages[0]).toBe(before.pages[0]);
	});

	it.each([1, 2])('of version %d changes nothing when version 2 is known', (version) => {
		const before = pages([task('a', { version: 2 })]);
		expect(patchTaskList(before, indexPatches([patch('a', { version })]))).toBe(before);
	});

	it('with a state that this page does not know changes nothing', () => {
		const before = pages([task('a')]);
		expect(patchTaskList(before, indexPatches([patch('a', { state: 'dreaming' })]))).toBe(before);
	});

	it('adds a task that is new for its file, and then changes it', () => {
		const before = pages([entry(file('x'))]);
		const added = patchFolder(before, indexPatches([patch('a', { file: id('fil', 'x') })]));
		const changed = patchFolder(added, indexPatches([patch('a', { version: 3, state: 'succeeded', progress: null })]));
		const tasks = rowsOf(changed).flatMap((row) => (row.kind === 'file' ? row.tasks : []));
		expect(tasks).toEqual([{ id: id('tsk', 'a'), type: 'md5', state: 'succeeded', version: 3, progress: null }]);
	});

	it('of another file leaves the folder as it is', () => {
		const before = pages([folder('sub'), entry(file('x'))]);
		expect(patchFolder(before, indexPatches([patch('a', { file: id('fil', 'y') })]))).toBe(before);
	});

	it('tells how far a task is, which changes no version, and is the same task where it says nothing new', () => {
		const before = pages([task('a', { version: 2, state: 'running', progress: 0.1 })]);
		const after = patchTaskList(before, indexPatches([patch('a', { progress: 0.7 })]));
		expect(rowsOf(after)[0]).toMatchObject({ version: 2, state: 'running', progress: 0.7 });
		expect(patchTaskList(after, indexPatches([patch('a', { progress: 0.7 })]))).toBe(after);
		expect(patchTaskList(after, indexPatches([patch('a', { version: 1, progress: 0.9 })]))).toBe(after);
	});

	it('ends in the newest state, whatever the order of arrival', () => {
		const states = ['queued', 'running', 'retrying', 'succeeded'];
		const order = fc.shuffledSubarray([1, 2, 3, 4], { minLength: 1 });
		fc.assert(
			fc.property(order, (versions) => {
				let list = pages([task('a', { version: 0 })]);
				for (const version of versions)
					list = patchTaskList(list, indexPatches([patch('a', { version, state: states[version - 1] ?? '' })]));
				expect(rowsOf(list)[0]?.state).toBe(states[Math.max(...versions) - 1]);
			}),
		);
	});
});

describe('a file that was read again', () => {
	const list = pages([folder('sub'), entry(file('b')), entry(file('d'))]);

	it('is changed where it is', () => {
		const after = placeFile(list, '/photos', file('b', { size: 99 }));
		expect(names(after)).toEqual(['sub', 'b', 'd']);
		expect(rowsOf(after)[1]).toMatchObject({ size: 99 });
	});

	it.each([
		['a', ['sub', 'a', 'b', 'd']],
		['c', ['sub', 'b', 'c', 'd']],
		['e', ['sub', 'b', 'd', 'e']],
	])('and is new here is put in by name: %s', (name, order) => {
		expect(names(placeFile(list, '/photos', file(name)))).toEqual(order);
	});

	it('moves within the list when it was renamed', () => {
		const renamed = file('b', { name: 'z', path: '/photos/z' });
		expect(names(placeFile(list, '/photos', renamed))).toEqual(['sub', 'd', 'z']);
	});

	it('is taken out when it was moved away or put into the trash', () => {
		expect(names(placeFile(list, '/photos', file('b', { path: '/else/b' })))).toEqual(['sub', 'd']);
		expect(names(placeFile(list, '/photos', file('b', { trashedAt: AT })))).toEqual(['sub', 'd']);
	});

	it('is left out when it would come after what has been read', () => {
		const open: Pages<FolderEntry> = { ...list, pages: [{ items: rowsOf(list), nextCursor: 'more' }] };
		expect(names(placeFile(open, '/photos', file('e')))).toEqual(['sub', 'b', 'd']);
		expect(names(placeFile(open, '/photos', file('c')))).toEqual(['sub', 'b', 'c', 'd']);
	});

	it('that is gone leaves the list', () => {
		expect(names(withoutEntry(list, id('fil', 'd')))).toEqual(['sub', 'b']);
	});
});
