import { archivePath, chooseArchive } from '../../../shared/client/archives.ts';
import { destroyFile, fileContentUrl, moveFile, restoreFile, trashFile } from '../../../shared/client/files.ts';
import { destroyFolder, moveFolder, restoreFolder, trashFolder } from '../../../shared/client/folders.ts';
import type { FolderEntry } from '../../../shared/protocol/file.ts';
import { plural } from '../../kit/format.ts';
import type { Pages } from '../../kit/live/pages.ts';
import { notifyDone, notifyError, notifyUndo } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { withoutEntry } from '../live/apply-patch.ts';
import { keys } from '../remote/keys.ts';

type Thing = Pick<FolderEntry, 'kind' | 'id' | 'name'>;

const AT_ONCE = 6;

/** Does something to each, a few at once; answers with those that worked. Failures are told once. */
const forEach = async (
	things: readonly Thing[],
	what: string,
	act: (thing: Thing) => Promise<void>,
): Promise<Thing[]> => {
	const waiting = [...things];
	const done: Thing[] = [];
	const failures: { thing: Thing; error: unknown }[] = [];
	const work = async () => {
		for (let thing = waiting.shift(); thing; thing = waiting.shift()) {
			try {
				await act(thing);
				done.push(thing);
			} catch (error) {
				failures.push({ thing, error });
			}
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, work));
	const [first] = failures;
	if (first) {
		const others = failures.length > 1 ? ` and ${plural(failures.length - 1, 'other')}` : '';
		notifyError(`${what} failed for ${first.thing.name}${others}`, errorText(first.error));
	}
	return done;
};

const nameOf = (things: readonly Thing[]): string => {
	const [only] = things;
	return only && things.length === 1 ? only.name : plural(things.length, 'thing');
};

const dropFromLists = (things: readonly Thing[]): void => {
	for (const { id } of things) {
		const drop = (pages: Pages<FolderEntry> | undefined) => pages && withoutEntry(pages, id);
		queryClient.setQueriesData<Pages<FolderEntry>>({ queryKey: keys.folders }, drop);
		queryClient.setQueryData<Pages<FolderEntry>>(keys.trash, drop);
	}
};

const readAgain = (): void => {
	void queryClient.invalidateQueries({ queryKey: keys.folders });
	void queryClient.invalidateQueries({ queryKey: keys.trash });
	void queryClient.invalidateQueries({ queryKey: keys.files });
};

/** Takes things out of the trash to where they were. */
export const restore = async (things: readonly Thing[]): Promise<void> => {
	const done = await forEach(things, 'Restoring', ({ kind, id }) =>
		kind === 'file' ? restoreFile(http, id) : restoreFolder(http, id),
	);
	readAgain();
	if (done.length > 0) notifyDone(`Restored ${nameOf(done)}`);
};

/** Puts things into the trash, with a way back in sight. */
export const trash = async (things: readonly Thing[]): Promise<void> => {
	const done = await forEach(things, 'Deleting', ({ kind, id }) =>
		kind === 'file' ? trashFile(http, id) : trashFolder(http, id),
	);
	dropFromLists(done);
	readAgain();
	if (done.length > 0) notifyUndo(`${nameOf(done)} put into the trash`, () => void restore(done));
};

/** Destroys things that are in the trash. There is no way back. */
export const destroy = async (things: readonly Thing[]): Promise<void> => {
	const done = await forEach(things, 'Destroying', ({ kind, id }) =>
		kind === 'file' ? destroyFile(http, id) : destroyFolder(http, id),
	);
	dropFromLists(done);
	readAgain();
	if (done.length > 0) notifyDone(`Deleted ${nameOf(done)} for good`);
};

/** Moves or renames one thing; throws what went wrong, for the dialog to show. */
export const moveTo = async ({ kind, id }: Thing, path: string): Promise<void> => {
	await (kind === 'file' ? moveFile(http, id, path) : moveFolder(http, id, path));
	readAgain();
};

/** Moves several things into a folder, each under its name. */
export const moveInto = async (things: readonly Thing[], folder: string): Promise<void> => {
	const done = await forEach(things, 'Moving', (thing) =>
		moveTo(thing, `${folder === '/' ? '' : folder}/${thing.name}`),
	);
	if (done.length > 0) notifyDone(`Moved ${nameOf(done)} to ${folder}`);
};

/** Lets the browser download an address of this server. */
const download = (url: string): void => {
	const link = document.createElement('a');
	link.href = url;
	link.download = '';
	document.body.append(link);
	link.click();
	link.remove();
};

/** Downloads what is chosen: one file as it is, all else as one archive. */
export const downloadChosen = async (entries: readonly FolderEntry[]): Promise<void> => {
	const [first, ...others] = entries;
	if (!first) return;
	if (others.length === 0) {
		return download(first.kind === 'file' ? fileContentUrl(http, first.id) : archivePath({ folder: first.path }));
	}
	try {
		const files = entries.filter(({ kind }) => kind === 'file').map(({ id }) => id);
		const folders = entries.filter(({ kind }) => kind === 'folder').map(({ path }) => path);
		const { url } = await chooseArchive(http, { files, folders });
		download(url);
	} catch (error) {
		notifyError('Nothing was downloaded', errorText(error));
	}
};
