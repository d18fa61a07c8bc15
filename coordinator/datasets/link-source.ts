import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { CodedError } from '../../shared/coded-error.ts';
import type { Ledger } from '../database/ledger.ts';
import { parseName } from '../files/safe-path.ts';
import type { SharedLine } from '../files/shared-line.ts';
import { SNIFF_BYTES } from '../files/sniff.ts';
import type { ComingEntry } from './coming-store.ts';
import { filesBelow, mediaTypeOf, openBelow, refuse } from './directory-walk.ts';
import { findLinkedHashes, type LinkedLook } from './linked-store.ts';
import type { Batch } from './publisher.ts';

const FILES_AT_ONCE = 500;
/** After so many bytes it is told how far it is, however few files that were. */
const BYTES_AT_ONCE = 1024 ** 3;
const READ_BYTES = 256 * 1024;

/** A file of the directory that was looked at. */
interface Looked extends LinkedLook {
	names: readonly string[];
}

/**
 * The files of a directory of this machine, which stay there: each is read once, to be known by its hash. What looks as it
 * did when it was hashed is not read again.
 */
export async function* readLinked(options: {
	ledger: Ledger;
	datasetSeq: number;
	/** Without links in it. */
	root: string;
	/** Reading goes through it: the disk is everybody's. */
	line: SharedLine;
	signal: AbortSignal;
}): AsyncGenerator<Batch> {
	const { ledger, datasetSeq, root, line, signal } = options;
	let isEmpty = true;
	for await (const looks of pagesOf(root)) {
		isEmpty = false;
		const known = await ledger.read(findLinkedHashes, { datasetSeq, looks });
		let entries: ComingEntry[] = [];
		let bytes = 0;
		for (const [at, look] of looks.entries()) {
			signal.throwIfAborted();
			const { path, size, modifiedNs, names } = look;
			const before = known[at];
			const { sha256, mediaType } = before ?? (await hashInPlace(root, look, line, signal));
			const place = names.join('/');
			const linked = { modifiedNs, place: place === path ? null : place };
			entries.push({ path, sha256, size, mediaType, isKept: false, fileSeq: null, linked });
			bytes += before ? 0 : size;
			if (bytes < BYTES_AT_ONCE) continue;
			yield { entries, release() {} };
			entries = [];
			bytes = 0;
		}
		if (entries.length > 0) yield { entries, release() {} };
	}
	// Where a disk is not mounted there is an empty directory: nobody wants a version of that.
	if (isEmpty) throw refuse(root, 'is empty: if a disk belongs there, mount it, then publish again');
}

async function* pagesOf(root: string): AsyncGenerator<Looked[]> {
	let page: Looked[] = [];
	try {
		for await (const names of filesBelow(root)) {
			page.push(await lookAt(root, names));
			if (page.length < FILES_AT_ONCE) continue;
			yield page;
			page = [];
		}
	} catch (error) {
		throw told(error, 'the directory');
	}
	if (page.length > 0) yield page;
}

/** As it is known in the dataset: names in NFC, whatever form they have on the disk. */
const pathOf = (names: readonly string[]): string => names.map(parseName).join('/');

const lookAt = async (root: string, names: readonly string[]): Promise<Looked> => {
	const path = pathOf(names);
	try {
		const file = await openBelow(root, names);
		try {
			return { names, path, ...(await statOf(file)) };
		} finally {
			await file.close();
		}
	} catch (error) {
		throw told(error, path);
	}
};

export const statOf = async (file: FileHandle): Promise<{ size: number; modifiedNs: string }> => {
	const { size, mtimeNs } = await file.stat({ bigint: true });
	return { size: Number(size), modifiedNs: String(mtimeNs) };
};

const hashInPlace = async (root: string, look: Looked, line: SharedLine, signal: AbortSignal) => {
	const { path, names, size, modifiedNs } = look;
	const isAsLooked = (now: { size: number; modifiedNs: string }) => now.size === size && now.modifiedNs === modifiedNs;
	try {
		const file = await openBelow(root, names);
		try {
			if (isAsLooked(await statOf(file))) {
				const { sha256, head } = await hashOf(file, line, signal);
				if (isAsLooked(await statOf(file))) return { sha256, mediaType: mediaTypeOf(path, head) };
			}
			throw refuse(path, 'was changed while it was read: publish again when nobody writes there');
		} finally {
			await file.close();
		}
	} catch (error) {
		throw told(error, path);
	}
};

const hashOf = async (file: FileHandle, line: SharedLine, signal: AbortSignal) => {
	const hash = createHash('sha256');
	const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
	let head: Buffer = Buffer.alloc(0);
	for (let at = 0; ; ) {
		signal.throwIfAborted();
		const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
		if (bytesRead === 0) return { sha256: hash.digest('hex'), head };
		if (at === 0) head = Buffer.from(buffer.subarray(0, Math.min(bytesRead, SNIFF_BYTES)));
		hash.update(buffer.subarray(0, bytesRead));
		at += bytesRead;
		await line.take(bytesRead)?.done;
	}
};

/** What the operator can do something about says so; all else is the coordinator's own trouble. */
const told = (error: unknown, path: string): unknown => {
	const { code } = error as NodeJS.ErrnoException;
	if (error instanceof CodedError || code === undefined) return error;
	return new CodedError('invalid', `${path} cannot be read (${code}). Mend that, then publish again.`, {
		cause: error,
	});
};
