import { lstat, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import { usageError } from '../failure.ts';
import { isFolder } from '../remote/find-entry.ts';
import { joinRemote, remotePath } from '../remote/remote-path.ts';

/** A local thing and where it goes. */
export type ToUpload =
	| { kind: 'file'; local: string; remote: string; size: number }
	/** Without anything in it: made, so that the structure is whole. */
	| { kind: 'empty-folder'; local: string; remote: string }
	/** Neither file nor folder, or a link inside a folder. */
	| { kind: 'left-out'; local: string; why: string };

export interface UploadPlan {
	sources: readonly string[];
	/** Where to; the root when nothing was said. */
	remote: string;
	/** Said with a slash at its end: a folder, even if it is not there yet. */
	isFolder: boolean;
}

const existsHere = async (path: string): Promise<boolean> => {
	try {
		await lstat(path);
		return true;
	} catch {
		return false;
	}
};

/**
 * Splits the arguments into local things and the remote target. The last of several is the target when it begins with a
 * slash. If it exists here too, it could be meant either way, and a guess could upload somebody's home: then we ask.
 */
export const readArguments = async (args: readonly string[], to: string | undefined): Promise<UploadPlan> => {
	if (to !== undefined) return { sources: args, remote: remotePath(to), isFolder: to.endsWith('/') };
	const last = args.at(-1) ?? '';
	if (args.length < 2 || !last.startsWith('/')) return { sources: args, remote: '/', isFolder: true };
	if (last !== '/' && (await existsHere(last))) {
		const both = `--to / to upload ${last} from here, or --to ${last} to upload into ${last} there`;
		throw usageError(`${last} is here and could be a place on the server: say ${both}.`);
	}
	return { sources: args.slice(0, -1), remote: remotePath(last), isFolder: last.endsWith('/') };
};

async function* walk(local: string, remote: string): AsyncGenerator<ToUpload> {
	const entries = await readdir(local, { withFileTypes: true });
	entries.sort((a, b) => (a.name < b.name ? -1 : 1));
	if (entries.length === 0 && remote !== '/') yield { kind: 'empty-folder', local, remote };
	for (const entry of entries) {
		const path = join(local, entry.name);
		const target = joinRemote(remote, entry.name);
		if (entry.isDirectory()) yield* walk(path, target);
		else if (entry.isFile()) yield { kind: 'file', local: path, remote: target, size: (await stat(path)).size };
		else
			yield { kind: 'left-out', local: path, why: entry.isSymbolicLink() ? 'a link' : 'neither a file nor a folder' };
	}
}

/** `.` and `folder/.` mean what is in the folder, not the folder itself. */
const ownName = (source: string): string => (/(^|[/\\])\.{1,2}[/\\]?$/.test(source) ? '' : basename(resolve(source)));

/** Everything to upload, in order. Throws for a source that is not there before anything is uploaded. */
export const planUpload = async (
	http: HttpClient,
	plan: UploadPlan,
	signal: AbortSignal,
): Promise<() => AsyncGenerator<ToUpload>> => {
	const found = await Promise.all(plan.sources.map(async (local) => ({ local, stats: await stat(local) })));
	for (const { local, stats } of found) {
		if (!stats.isFile() && !stats.isDirectory()) throw usageError(`${local} is neither a file nor a folder.`);
	}
	const single = found.length === 1 && found[0]?.stats.isFile() === true;
	const exact = single && !plan.isFolder && !(await isFolder(http, plan.remote, signal));
	return async function* () {
		for (const { local, stats } of found) {
			if (stats.isDirectory()) yield* walk(local, joinRemote(plan.remote, ownName(local)));
			else {
				const remote = exact ? plan.remote : joinRemote(plan.remote, basename(resolve(local)));
				yield { kind: 'file', local, remote, size: stats.size };
			}
		}
	};
};
