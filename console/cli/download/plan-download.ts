import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { contentPath, headContent } from '../../../shared/client/content.ts';
import { readFile } from '../../../shared/client/files.ts';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import { readTask, taskOutputPath } from '../../../shared/client/tasks.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import { usageError } from '../failure.ts';
import { eachEntry, isFolder } from '../remote/find-entry.ts';
import { idKindOf, nameOf, remotePath } from '../remote/remote-path.ts';
import type { Source } from './fetch-content.ts';
import { safeName } from './target-folder.ts';

/** One thing to bring here: its content, and its names below the target folder. Without a source it is a folder. */
export interface Wanted {
	/** How the person knows it. */
	title: string;
	names: readonly string[];
	source: Source | null;
}

/** What is to be brought: one file, or a tree with a name of its own (empty for the server's root). */
export type Plan =
	| { kind: 'file'; file: Wanted & { source: Source } }
	| { kind: 'tree'; name: string; items: AsyncIterable<Wanted> };

async function* tree(
	http: HttpClient,
	folder: string,
	names: readonly string[],
	signal: AbortSignal,
): AsyncGenerator<Wanted> {
	for await (const entry of eachEntry(http, folder, signal)) {
		const below = [...names, safeName(entry.name)];
		const title = `${folder === '/' ? '' : folder}/${entry.name}`;
		if (entry.kind === 'folder') {
			yield { title, names: below, source: null };
			yield* tree(http, title, below, signal);
		} else {
			const source = { target: `/api/v1/files/${entry.id}/content`, size: entry.size, sha256: entry.sha256 };
			yield { title, names: below, source };
		}
	}
}

async function* outputs(http: HttpClient, id: string, signal: AbortSignal): AsyncGenerator<Wanted> {
	const task = await readTask(http, id, { signal });
	for (const { name, size, sha256 } of task.outputs) {
		yield {
			title: `${id} ${name}`,
			names: [safeName(name)],
			source: { target: taskOutputPath(id, name), size, sha256 },
		};
	}
}

/** Finds out what an argument of `millrace get` names. */
export const planDownload = async (http: HttpClient, target: string, signal: AbortSignal): Promise<Plan> => {
	const kind = idKindOf(target);
	if (kind === 'task') return { kind: 'tree', name: '', items: outputs(http, target, signal) };
	if (kind === 'folder') throw usageError('A folder is named by its path here, such as /photos.');
	if (kind === 'file') {
		const { id, name, path, size, sha256 } = await readFile(http, target, { signal });
		const source = { target: `/api/v1/files/${encodeURIComponent(id)}/content`, size, sha256 };
		return { kind: 'file', file: { title: path, names: [safeName(name)], source } };
	}
	const path = remotePath(target);
	if (path !== '/') {
		const head = await headContent(http, path, { signal }).catch((error) => {
			if (error instanceof CodedError && (error.code === 'is-a-folder' || error.code === 'conflict')) return null;
			throw error;
		});
		if (head !== null) {
			if (head.sha256 === null) throw new CodedError('internal', `The server does not tell the checksum of ${path}.`);
			const source = { target: contentPath(path), size: head.size, sha256: head.sha256 };
			return { kind: 'file', file: { title: path, names: [safeName(nameOf(path))], source } };
		}
	}
	if (await isFolder(http, path, signal))
		return { kind: 'tree', name: nameOf(path), items: tree(http, path, [], signal) };
	throw new CodedError('not-found', `There is nothing at ${path}. See what is there with: millrace ls`);
};

const isLocalFolder = async (path: string): Promise<boolean> => {
	try {
		return (await stat(path)).isDirectory();
	} catch {
		return false;
	}
};

/** Where a file goes: into a folder that is there (or is written with a slash), otherwise to exactly that name. */
export const placeFile = async (name: string, local: string | undefined): Promise<{ folder: string; name: string }> => {
	if (local === undefined) return { folder: '.', name };
	if (/[/\\]$/.test(local) || (await isLocalFolder(local))) return { folder: local, name };
	return { folder: dirname(resolve(local)), name: basename(resolve(local)) };
};

/** Where a tree goes: into a folder that is there, under its name; otherwise the folder is made and is the tree. */
export const placeTree = async (name: string, local: string | undefined): Promise<string> => {
	const into = local ?? '.';
	return (await isLocalFolder(into)) && name !== '' ? join(into, safeName(name)) : into;
};
