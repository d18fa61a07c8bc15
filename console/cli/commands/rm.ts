import type { Command } from 'commander';
import { destroyFile, trashFile } from '../../../shared/client/files.ts';
import { destroyFolder, trashFolder } from '../../../shared/client/folders.ts';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import { type Context, serverCommand } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { CliError, explain, usageError } from '../failure.ts';
import { requireEntry } from '../remote/find-entry.ts';
import { idKindOf, remotePath } from '../remote/remote-path.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { counted } from '../terminal/words.ts';

interface Options extends ServerChoice {
	forever?: boolean;
	recursive?: boolean;
	json?: boolean;
}

interface Removed {
	target: string;
	id: string;
	kind: 'file' | 'folder';
}

const find = async (http: HttpClient, target: string, signal: AbortSignal): Promise<Removed> => {
	const kind = idKindOf(target);
	if (kind === 'task') throw usageError(`${target} is a task: end it with millrace task ${target} --cancel.`);
	if (kind !== null) return { target, id: target, kind };
	const path = remotePath(target);
	if (path === '/') throw usageError('The root itself cannot be removed; name what is in it.');
	const entry = await requireEntry(http, path, signal);
	return { target: path, id: entry.id, kind: entry.kind };
};

const remove = async (http: HttpClient, target: string, options: Options, signal: AbortSignal): Promise<Removed> => {
	const found = await find(http, target, signal);
	if (found.kind === 'folder') {
		if (!options.recursive) throw new CodedError('is-a-folder', `${target} is a folder.`);
		await (options.forever ? destroyFolder : trashFolder)(http, found.id);
	} else await (options.forever ? destroyFile : trashFile)(http, found.id);
	return found;
};

const removeAll = async (context: Context, targets: readonly string[], options: Options): Promise<void> => {
	const http = await context.connect(options);
	const removed: Removed[] = [];
	let firstFailure: ExitCode | null = null;
	for (const target of targets) {
		context.signal.throwIfAborted();
		try {
			const one = await remove(http, target, options, context.signal);
			removed.push(one);
			if (!options.json) context.out.line(`${one.target}: ${options.forever ? 'destroyed' : 'put into the trash'}`);
		} catch (error) {
			context.signal.throwIfAborted();
			const { sentence, exitCode } = explain(error);
			context.out.error(`${target}: ${sentence}`);
			firstFailure ??= exitCode;
		}
	}
	if (options.json) context.out.json({ removed, forever: options.forever === true });
	if (firstFailure === null) return;
	const left = targets.length - removed.length;
	throw new CliError(firstFailure, `${counted(left, 'thing was', 'things were')} not removed.`);
};

/** `millrace rm`: puts files and folders into the trash, or destroys them. */
export const rmCommand = (context: Context): Command =>
	serverCommand('rm')
		.description('put files and folders into the trash')
		.argument('<path...>', 'paths or ids')
		.option('-r, --recursive', 'folders too, with everything in them')
		.option('--forever', 'destroy at once instead: nothing can be restored')
		.option('--json', 'as JSON')
		.action((targets: string[], options: Options) => removeAll(context, targets, options));
