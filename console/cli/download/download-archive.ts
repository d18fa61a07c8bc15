import { randomBytes } from 'node:crypto';
import { lstat, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { archivePath } from '../../../shared/client/archives.ts';
import { UnreachableError } from '../../../shared/client/client-errors.ts';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import type { ArchiveQuery } from '../../../shared/protocol/archive.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { CliError, usageError } from '../failure.ts';
import { ProgressBar, progressLine } from '../terminal/progress-bar.ts';
import { TransferMeter } from '../terminal/transfer-meter.ts';
import { placeFile } from './plan-download.ts';
import { TargetFolder } from './target-folder.ts';

const SILENCE_MS = 60_000;

interface Wish {
	query: ArchiveQuery;
	/** Of the archive, without its ending; may hold what names may not. */
	name: string;
	/** Where to: a folder, a file name, or `-`. */
	local: string | undefined;
	force: boolean;
	json: boolean;
}

type Write = (chunk: Uint8Array) => Promise<void>;

/** Reads the whole archive, which cannot be gone on with: it is made while it is sent. */
const fetchArchive = async (http: HttpClient, query: ArchiveQuery, signal: AbortSignal, write: Write) => {
	const silence = new AbortController();
	const timer = setTimeout(() => silence.abort(), SILENCE_MS);
	try {
		const response = await http.send('GET', archivePath(query), {
			signal: AbortSignal.any([signal, silence.signal]),
			headers: { accept: '*/*', 'accept-encoding': 'identity' },
		});
		for await (const chunk of response.body ?? []) {
			timer.refresh();
			await write(chunk);
		}
	} catch (cause) {
		signal.throwIfAborted();
		// A refusal says more than that.
		if (!(cause instanceof TypeError) && !silence.signal.aborted) throw cause;
		const why = 'was cut while it sent the archive: run the same command again';
		throw new UnreachableError(http.baseUrl, `The connection to ${http.baseUrl} ${why}.`, { cause });
	} finally {
		clearTimeout(timer);
	}
};

const isThere = (path: string): Promise<boolean> =>
	lstat(path).then(
		() => true,
		() => false,
	);

/** Downloads an archive to a temporary name and renames it when it is whole; tells where it is. */
export const bringArchive = async (context: Context, http: HttpClient, wish: Wish): Promise<void> => {
	const { signal, out } = context;
	const { query, local, force, json } = wish;
	const name = `${[...wish.name.replace(/[/\\:*?"<>|]/g, '_')].slice(0, 60).join('')}.zip`;
	if (local === '-') {
		if (json) throw usageError('Standard output is for the archive itself here; leave --json out.');
		return fetchArchive(http, query, signal, (chunk) => out.bytes(chunk));
	}
	const place = await placeFile(name, local);
	const target = await new TargetFolder(place.folder).place([place.name]);
	if (!force && (await isThere(target))) {
		throw new CliError(EXIT.failed, `${target} is there already; add --force to replace it.`);
	}
	const part = join(dirname(target), `.millrace-${randomBytes(8).toString('hex')}.part`);
	const file = await open(part, 'wx');
	const meter = new TransferMeter();
	let bytes = 0;
	try {
		{
			using _bar = new ProgressBar(context.stderr, out, (width) => progressLine(meter.figures, name, width));
			await fetchArchive(http, query, signal, async (chunk) => {
				await file.writeFile(chunk);
				bytes += chunk.length;
				meter.move(chunk.length);
			});
		}
		await file.sync();
		await file.close();
		await rename(part, target);
	} catch (error) {
		await file.close().catch(() => {});
		await rm(part, { force: true });
		throw error;
	}
	if (json) out.json({ local: target, bytes });
	else out.line(target);
};
