import { createHash } from 'node:crypto';
import { type FileHandle, opendir, realpath } from 'node:fs/promises';
import { CodedError } from '../../shared/coded-error.ts';
import type { Ledger } from '../database/ledger.ts';
import type { BlobStore } from '../files/blob-store.ts';
import type { ContentReader } from '../files/content-reader.ts';
import { requireBelowRoots } from './dataset-roots.ts';
import { openBelow } from './directory-walk.ts';
import { statOf } from './link-source.ts';
import { findLinkedPlaces, type LinkedPlace, listLinkedRoots, noteLinked } from './linked-store.ts';

/** What may be wrong with a file itself; anything else is trouble of the machine, and passes or is told as such. */
const NOT_THERE = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'EPERM', 'ENXIO', 'ENAMETOOLONG'];

/** What was found out about a place. */
type Trouble = 'changed' | 'missing';

/**
 * Content of datasets, wherever it lies: in the blob store, or in a directory that a dataset is linked to. From there only
 * what still looks as it did when it was hashed is given, and never anything outside of the directory.
 */
export class LinkedContents implements ContentReader {
	readonly #ledger: Ledger;
	readonly #blobs: Pick<BlobStore, 'has' | 'open' | 'readSmall'>;
	readonly #roots: readonly string[];

	constructor(options: {
		ledger: Ledger;
		blobs: Pick<BlobStore, 'has' | 'open' | 'readSmall'>;
		/** Directories of this machine below which datasets may be linked to. */
		roots: readonly string[];
	}) {
		this.#ledger = options.ledger;
		this.#blobs = options.blobs;
		this.#roots = options.roots;
	}

	async open(sha256: string, size: number): Promise<FileHandle> {
		const found = (await this.#blobs.has(sha256, size)) ? null : await this.#find(sha256, size);
		return found?.file ?? this.#blobs.open(sha256, size);
	}

	/** Little enough to be hashed on the way. */
	async readSmall(sha256: string, size: number): Promise<Buffer> {
		for (;;) {
			const found = (await this.#blobs.has(sha256, size)) ? null : await this.#find(sha256, size);
			if (!found) return this.#blobs.readSmall(sha256, size);
			const { file, place } = found;
			try {
				const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
				if (bytesRead === size && createHash('sha256').update(buffer).digest('hex') === sha256) return buffer;
			} finally {
				await file.close();
			}
			// It is not looked at again, so this ends.
			await this.#note([[place, 'changed']]);
		}
	}

	/** Looks which of the linked directories are there now. */
	async checkRoots(): Promise<void> {
		const missing: number[] = [];
		const there: number[] = [];
		for (const { seq, root, isMissing } of await this.#ledger.read(listLinkedRoots, null)) {
			const isThere = await this.#isThere(root);
			if (isThere === (isMissing === 0)) continue;
			(isThere ? there : missing).push(seq);
		}
		if (missing.length + there.length === 0) return;
		await this.#ledger.write(noteLinked, { changed: [], missing, there, now: Date.now() });
	}

	/** Null: it is in no linked directory. Throws when it is in none any more. */
	async #find(sha256: string, size: number): Promise<{ file: FileHandle; place: LinkedPlace } | null> {
		const places = await this.#ledger.read(findLinkedPlaces, { sha256, size });
		const [first] = places;
		if (!first) return null;
		const troubles: [LinkedPlace, Trouble][] = [];
		for (const place of places) {
			if (place.isChanged === 1) continue;
			const found = await this.#openPlace(place, size);
			if (typeof found !== 'string') {
				await this.#note(troubles).catch(async (error: unknown) => {
					await found.close();
					throw error;
				});
				return { file: found, place };
			}
			troubles.push([place, found]);
		}
		await this.#note(troubles);
		const [missing] = troubles.find(([, trouble]) => trouble === 'missing') ?? [];
		throw missing ? directoryMissing(missing) : changed(first);
	}

	async #openPlace({ root, place, modifiedNs }: LinkedPlace, size: number): Promise<FileHandle | Trouble> {
		try {
			const file = await openBelow(root, place.split('/'));
			try {
				const now = await statOf(file);
				if (now.size === size && now.modifiedNs === modifiedNs && (await this.#isOpened(root))) return file;
			} catch (error) {
				await file.close();
				throw error;
			}
			await file.close();
		} catch (error) {
			const code = (error as NodeJS.ErrnoException).code ?? '';
			if (!(error instanceof CodedError) && !NOT_THERE.includes(code)) throw error;
		}
		return (await this.#isThere(root)) ? 'changed' : 'missing';
	}

	/** Whether the operator lets datasets be linked there, as the coordinator was started now. */
	#isOpened(root: string): Promise<boolean> {
		return requireBelowRoots(root, this.#roots).then(
			(real) => real === root,
			() => false,
		);
	}

	/** An empty directory is where a disk is to be mounted. */
	async #isThere(root: string): Promise<boolean> {
		if (!(await this.#isOpened(root))) return false;
		try {
			if ((await realpath(root)) !== root) return false;
			for await (const _ of await opendir(root, { bufferSize: 1 })) return true;
			return false;
		} catch {
			return false;
		}
	}

	/** Writes down what was not known before. */
	async #note(troubles: readonly [LinkedPlace, Trouble][]): Promise<void> {
		const changed = troubles.flatMap(([{ seq }, trouble]) => (trouble === 'changed' ? [seq] : []));
		const missing = troubles.flatMap(([{ datasetSeq, isMissing }, trouble]) =>
			trouble === 'missing' && isMissing === 0 ? [datasetSeq] : [],
		);
		if (changed.length + missing.length === 0) return;
		await this.#ledger.write(noteLinked, { changed, missing, there: [], now: Date.now() });
	}
}

const changed = ({ dataset, place }: LinkedPlace): CodedError =>
	new CodedError(
		'content-changed',
		`${place} is not what it was when the dataset ${dataset} was published: it was changed in its directory. Publish the dataset again and use the new version.`,
	);

const directoryMissing = ({ dataset }: LinkedPlace): CodedError =>
	new CodedError(
		'directory-missing',
		`The directory that the dataset ${dataset} is linked to is not there now: mount it again, or publish the dataset from where it is.`,
	);
