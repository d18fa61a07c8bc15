import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import type { FileDetail, FolderEntry } from '../../../shared/protocol/file.ts';
import type { LivePatch } from '../../../shared/protocol/live-updates.ts';
import { type Pages, rowsOf } from '../../kit/live/pages.ts';
import { keys } from '../remote/keys.ts';
import { PortalSync } from './sync-cache.ts';

const AT = '2026-03-10T12:00:00.000Z';
const FILE = `fil_${'0'.repeat(26)}`;
const TASK = `tsk_${'0'.repeat(26)}`;

const detail = (path: string, options: Partial<FileDetail> = {}): FileDetail => ({
	id: FILE,
	path,
	name: path.slice(path.lastIndexOf('/') + 1),
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

const filePatch = (path: string | null, options: Partial<Extract<LivePatch, { kind: 'file' }>> = {}): LivePatch => ({
	kind: 'file',
	id: FILE,
	version: 5,
	path,
	gone: false,
	...options,
});

const setup = (rows: FolderEntry[], stored?: FileDetail) => {
	const cache = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } } });
	const pages: Pages<FolderEntry> = { pages: [{ items: rows, nextCursor: null }], pageParams: [undefined] };
	cache.setQueryData(keys.folder('/photos'), pages);
	const asked: string[] = [];
	const sync = new PortalSync(cache, async (id) => {
		asked.push(id);
		if (stored === undefined) throw new Error('gone');
		return stored;
	});
	const shown = () => rowsOf(cache.getQueryData<Pages<FolderEntry>>(keys.folder('/photos')));
	/** Resolves when the folder is read again. */
	const relisted = () =>
		new Promise<void>((resolve) => {
			const observer = new QueryObserver(cache, {
				queryKey: keys.folder('/photos'),
				queryFn: () => {
					resolve();
					return pages;
				},
			});
			observer.subscribe(() => {});
		});
	return { cache, sync, asked, shown, relisted };
};

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('the cache', () => {
	it('gets a new file of a shown folder by reading just that file', async () => {
		const { sync, shown, asked } = setup([], detail('/photos/new.jpg'));
		sync.apply([filePatch('/photos/new.jpg')]);
		await settled();
		expect(asked).toEqual([FILE]);
		expect(shown().map(({ name }) => name)).toEqual(['new.jpg']);
	});

	it('leaves files of folders that nobody looks at alone', async () => {
		const { sync, asked } = setup([], detail('/else/new.jpg'));
		sync.apply([filePatch('/else/new.jpg')]);
		await settled();
		expect(asked).toEqual([]);
	});

	it('drops a file that is gone', () => {
		const { versions: _, ...summary } = detail('/photos/old.jpg');
		const { sync, shown } = setup([{ ...summary, kind: 'file' }]);
		sync.apply([filePatch(null, { gone: true })]);
		expect(shown()).toEqual([]);
	});

	it('reads the folder again when a file lies in a child folder that it does not show', async () => {
		const { sync, relisted } = setup([]);
		const again = relisted();
		sync.apply([filePatch('/photos/2026/march/new.jpg')]);
		await again;
	});

	it('reads the folder once when many of its files changed', async () => {
		const { sync, asked, relisted } = setup([], detail('/photos/x.jpg'));
		const again = relisted();
		const id = (at: number) => `fil_${String(at).padStart(26, '0')}`;
		sync.apply(Array.from({ length: 100 }, (_, at) => filePatch(`/photos/${at}.jpg`, { id: id(at) })));
		await again;
		expect(asked).toEqual([]);
	});

	it('turns a file’s chip when its task changes', () => {
		const task = { id: TASK, type: 'md5', state: 'queued' as const, version: 1, progress: null };
		const { versions: _, ...summary } = detail('/photos/a.jpg', { tasks: [task] });
		const { sync, shown } = setup([{ ...summary, kind: 'file' }]);
		sync.apply([
			{
				kind: 'task',
				id: TASK,
				version: 2,
				type: 'md5',
				state: 'running',
				progress: 0.5,
				phase: null,
				file: FILE,
				node: null,
			},
		]);
		expect(shown()[0]).toMatchObject({ tasks: [{ state: 'running', progress: 0.5 }] });
	});
});
