import type { QueryClient } from '@tanstack/react-query';
import type { FileDetail, FolderEntry } from '../../../shared/protocol/file.ts';
import type { LivePatch } from '../../../shared/protocol/live-updates.ts';
import type { TaskDetail } from '../../../shared/protocol/task.ts';
import type { CacheSync } from '../../kit/live/live-feed.ts';
import { type Pages, rowsOf } from '../../kit/live/pages.ts';
import { indexPatches, patchTask, type TaskPatch } from '../../kit/live/task-patches.ts';
import { keys } from '../remote/keys.ts';
import { parentOf, patchFileDetail, patchFolder, placeFile, withoutEntry } from './apply-patch.ts';
import { ThingSync } from './thing-sync.ts';

export type FilePatch = Extract<LivePatch, { kind: 'file' }>;

/** What the portal's query cache must learn from one flush of patches. */
export class PortalSync implements CacheSync {
	readonly #cache: QueryClient;
	readonly #readFile: (id: string) => Promise<FileDetail>;
	readonly #things: ThingSync;
	#relistTimer: ReturnType<typeof setTimeout> | undefined;
	#relistedAt = 0;

	/** More changed files than this in one flush: the list is read again instead of each file. */
	static readonly MOST_FILES = 16;
	static readonly RELIST_MS = 2_000;

	constructor(cache: QueryClient, readFile: (id: string) => Promise<FileDetail>) {
		this.#cache = cache;
		this.#readFile = readFile;
		this.#things = new ThingSync(cache);
	}

	apply(patches: readonly LivePatch[]): void {
		this.#applyTasks(patches.filter((patch) => patch.kind === 'task'));
		this.#applyFiles(patches.filter((patch) => patch.kind === 'file'));
		this.#things.apply(patches.filter((patch) => patch.kind === 'thing'));
	}

	/** Reads again what is on screen; what is not is read when it comes back. */
	resync(): void {
		void this.#cache.invalidateQueries({ refetchType: 'active' });
	}

	#applyTasks(patches: readonly TaskPatch[]): void {
		if (patches.length === 0) return;
		const index = indexPatches(patches);
		const cache = this.#cache;
		cache.setQueriesData<Pages<FolderEntry>>({ queryKey: keys.folders }, (pages) => pages && patchFolder(pages, index));
		cache.setQueriesData<FileDetail>({ queryKey: keys.files }, (file) => file && patchFileDetail(file, index));
		for (const patch of patches) {
			const before = cache.getQueryData<TaskDetail>(keys.task(patch.id));
			if (before === undefined || before.version >= patch.version) continue;
			cache.setQueryData(keys.task(patch.id), patchTask(before, index));
			// Attempts, times and results are not in the patch.
			if (before.state !== patch.state || before.node !== patch.node)
				void cache.invalidateQueries({ queryKey: keys.task(patch.id) });
		}
	}

	#applyFiles(patches: readonly FilePatch[]): void {
		if (patches.length === 0) return;
		const shown = this.#folders();
		const wanted: string[] = [];
		let relist = false;
		for (const patch of patches) {
			if (patch.gone) {
				this.#drop(patch.id);
				continue;
			}
			const listed = shown.some(({ rows }) => rows.some(({ id }) => id === patch.id));
			const parent = patch.path === null ? null : parentOf(patch.path);
			const known = this.#cache.getQueryData(keys.file(patch.id)) !== undefined;
			if (listed || known || shown.some(({ path }) => path === parent)) wanted.push(patch.id);
			else if (parent !== null && shown.some(({ path, rows }) => lacksFolder(path, rows, parent))) relist = true;
		}
		if (patches.some(({ gone, id }) => gone || !id.startsWith('fil_'))) this.#invalidateTrash();
		if (wanted.length > PortalSync.MOST_FILES || wanted.some((id) => !id.startsWith('fil_'))) relist = true;
		else for (const id of wanted) void this.#refresh(id);
		if (relist) this.#relist();
	}

	#folders(): { path: string; rows: FolderEntry[] }[] {
		return this.#cache
			.getQueriesData<Pages<FolderEntry>>({ queryKey: keys.folders })
			.map(([key, pages]) => ({ path: String(key[1]), rows: rowsOf(pages) }));
	}

	#drop(id: string): void {
		this.#cache.setQueriesData<Pages<FolderEntry>>(
			{ queryKey: keys.folders },
			(pages) => pages && withoutEntry(pages, id),
		);
		void this.#cache.invalidateQueries({ queryKey: keys.file(id) });
	}

	#invalidateTrash(): void {
		void this.#cache.invalidateQueries({ queryKey: keys.trash });
	}

	async #refresh(id: string): Promise<void> {
		let file: FileDetail;
		try {
			file = await this.#readFile(id);
		} catch {
			// Gone meanwhile, or not readable now: reading the list again is right in both cases.
			this.#relist();
			return;
		}
		this.#cache.setQueryData(keys.file(id), file);
		for (const [key] of this.#cache.getQueriesData<Pages<FolderEntry>>({ queryKey: keys.folders })) {
			this.#cache.setQueryData<Pages<FolderEntry>>(key, (pages) => pages && placeFile(pages, String(key[1]), file));
		}
	}

	/** Reads the folders on screen again, at most every two seconds however much happens. */
	#relist(): void {
		if (this.#relistTimer !== undefined) return;
		const wait = Math.max(0, this.#relistedAt + PortalSync.RELIST_MS - Date.now());
		this.#relistTimer = setTimeout(() => {
			this.#relistTimer = undefined;
			this.#relistedAt = Date.now();
			void this.#cache.invalidateQueries({ queryKey: keys.folders });
		}, wait);
	}
}

/** True when something lies below this folder, in a child folder that its rows do not show yet. */
const lacksFolder = (folder: string, rows: readonly FolderEntry[], parent: string): boolean => {
	const prefix = folder === '/' ? '/' : `${folder}/`;
	if (!parent.startsWith(prefix)) return false;
	const child = parent.slice(prefix.length).split('/')[0];
	return !rows.some((row) => row.kind === 'folder' && row.name === child);
};
