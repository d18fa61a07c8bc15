import { createContext, type ReactNode, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { readFile } from '../../../shared/client/files.ts';
import { createFolder } from '../../../shared/client/folders.ts';
import type { LivePatch } from '../../../shared/protocol/live-updates.ts';
import { taskStateSchema } from '../../../shared/protocol/task.ts';
import { announce } from '../../kit/announcer.tsx';
import { plural } from '../../kit/format.ts';
import { useLiveFeed, useLivePatches } from '../../kit/live/live.tsx';
import { notifyError } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { useMe } from '../../kit/session/session.tsx';
import { readDropped } from './dropped-files.ts';
import { fingerprintOf, sendFile } from './send-file.ts';
import { recallUnfinished, rememberUnfinished } from './unfinished.ts';
import { isMoving } from './upload-item.ts';
import type { UploadQueue } from './upload-queue.ts';
import { type FileToUpload, UploadRunner } from './upload-runner.ts';

interface Uploads {
	runner: UploadRunner;
	/** Files found so far while dropped folders are read; null otherwise. */
	reading: number | null;
	add(files: readonly FileToUpload[]): void;
	addDropped(entries: readonly FileSystemEntry[], folder: string): Promise<void>;
}

const UploadsContext = createContext<Uploads | null>(null);
const REMEMBER_MS = 500;

const makeRunner = (owner: string): UploadRunner =>
	new UploadRunner({
		owner,
		send: (job) => sendFile(http, job),
		abandon: (item) => {
			void import('./send-by-tus.ts').then(({ abandonTus }) => abandonTus(http, fingerprintOf(owner, item)));
		},
		errorText,
	});

/** Uploads outlive pages: they belong to the person who is signed in. */
export const UploadsProvider = ({ children }: { children: ReactNode }) => {
	const { id: owner } = useMe();
	const [runner, setRunner] = useState<UploadRunner>(() => makeRunner(owner));
	const [reading, setReading] = useState<number | null>(null);

	useEffect(() => {
		const mine = makeRunner(owner);
		const unfinished = recallUnfinished(owner, () => mine.newId());
		if (unfinished.length > 0) mine.dispatch({ kind: 'added', items: unfinished });
		const stop = watchRunner(mine, owner);
		setRunner(mine);
		return () => {
			stop();
			mine[Symbol.dispose]();
		};
	}, [owner]);
	useNewsOfTasks(runner);

	const uploads = useMemo<Uploads>(() => {
		const add = (files: readonly FileToUpload[]) => {
			if (files.length === 0) return;
			announce(`${plural(files.length, 'file')} added to the uploads`);
			runner.add(files);
		};
		return {
			runner,
			reading,
			add,
			addDropped: async (entries, folder) => {
				setReading(0);
				try {
					const dropped = await readDropped(entries, folder, setReading);
					add(dropped.files);
					await Promise.all(dropped.emptyFolders.map((path) => createFolder(http, path)));
				} catch (error) {
					notifyError('Not everything could be added', errorText(error));
				} finally {
					setReading(null);
				}
			},
		};
	}, [runner, reading]);
	return <UploadsContext value={uploads}>{children}</UploadsContext>;
};

/** Keeps the list for a reload, warns before leaving while bytes flow, and hurries when the network is back. */
const watchRunner = (runner: UploadRunner, owner: string): (() => void) => {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const remember = () => {
		timer = undefined;
		rememberUnfinished(owner, runner.queue.items);
	};
	const forget = runner.subscribe(() => {
		timer ??= setTimeout(remember, REMEMBER_MS);
	});
	const warn = (event: BeforeUnloadEvent) => {
		remember();
		if (runner.queue.items.some(isMoving)) event.preventDefault();
	};
	const hurry = () => runner.hurry();
	window.addEventListener('beforeunload', warn);
	window.addEventListener('online', hurry);
	return () => {
		forget();
		clearTimeout(timer);
		window.removeEventListener('beforeunload', warn);
		window.removeEventListener('online', hurry);
	};
};

const newsOf = (patch: LivePatch) => {
	if (patch.kind !== 'task') return [];
	const state = taskStateSchema.safeParse(patch.state);
	if (!state.success) return [];
	const { id, type, version, progress, file } = patch;
	return [{ file, task: { id, type, version, progress, state: state.data } }];
};

/** Tells the uploads how their tasks are doing: from live updates, and by asking after a gap in them. */
const useNewsOfTasks = (runner: UploadRunner): void => {
	const feed = useLiveFeed();
	useLivePatches((patches) => runner.takeTasks(patches.flatMap(newsOf)));
	useEffect(() => {
		if (!feed) return;
		/** Being sent when news may have been missed: their tasks may be over before the answer names them. */
		const unsure = new Set<string>();
		const ask = (fileId: string) =>
			readFile(http, fileId).then(
				({ tasks }) => runner.takeTasks(tasks.map((task) => ({ file: fileId, task }))),
				// The file is gone or the server away: nothing to tell.
				() => {},
			);
		const forgetResync = feed.onResync(() => {
			runner.hurry();
			for (const { id, state, fileId } of runner.queue.items) {
				if (state === 'processing' && fileId !== null) void ask(fileId);
				else unsure.add(id);
			}
		});
		const forgetQueue = runner.subscribe(() => {
			if (unsure.size === 0) return;
			for (const { id, state, fileId } of runner.queue.items) {
				if (state === 'processing' && fileId !== null && unsure.delete(id)) void ask(fileId);
			}
		});
		return () => {
			forgetResync();
			forgetQueue();
		};
	}, [feed, runner]);
};

export const useUploads = (): Uploads => {
	const uploads = useContext(UploadsContext);
	if (uploads === null) throw new Error('no UploadsProvider above');
	return uploads;
};

export const useUploadQueue = (): UploadQueue => {
	const { runner } = useUploads();
	return useSyncExternalStore(runner.subscribe, () => runner.queue);
};
