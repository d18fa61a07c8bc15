import { open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { FileStore } from '@tus/file-store';
import { Upload } from '@tus/server';
import { CodedError } from '../../../shared/coded-error.ts';
import type { Pace } from '../../files/bandwidth.ts';
import type { DiskSpace } from '../../files/disk-space.ts';
import { FileWriter } from '../../files/file-writer.ts';
import { type Begun, BegunUploads, ownerOf } from './begun-uploads.ts';
import type { FinishedUploads } from './finished-uploads.ts';

const WRITE_BYTES = 512 * 1024;
const RECORD = '.json';
/** Uploads that one person may have begun and not finished. */
const MOST_UNFINISHED = 1_000;

/** A place in an upload, in bytes. */
export interface UploadState {
	offset: number;
	size: number;
	metadata: Record<string, string | null>;
}

/** Uploads that are still coming, in files of their own: the bytes that are there say where to go on. */
export class UnfinishedUploads extends FileStore {
	readonly #space: DiskSpace;
	readonly #finished: FinishedUploads;
	readonly #begun = new BegunUploads();
	readonly #paceOf: (userId: string) => Pace;
	/** Of the uploads to which something is being written now. */
	readonly #paces = new Map<string, Pace>();
	readonly #mostBegun: number;

	constructor(options: {
		folder: string;
		expiryMs: number;
		space: DiskSpace;
		finished: FinishedUploads;
		/** How fast the bytes of somebody's uploads may come. */
		paceOf: (userId: string) => Pace;
		mostBegun?: number | undefined;
	}) {
		super({ directory: options.folder, expirationPeriodInMilliseconds: options.expiryMs });
		this.#mostBegun = options.mostBegun ?? MOST_UNFINISHED;
		this.#space = options.space;
		this.#paceOf = options.paceOf;
		this.#finished = options.finished;
		// Sizes are checked before bytes flow, so they must be known: no creation-defer-length.
		this.extensions = ['creation', 'creation-with-upload', 'termination', 'expiration'];
	}

	/** Takes in what the process before has left; `names` are the folder's files. */
	async recall(names: readonly string[]): Promise<void> {
		for (const name of names) {
			if (!name.endsWith(RECORD)) continue;
			const id = name.slice(0, -RECORD.length);
			// A record that cannot be read is of nothing that could be gone on with; it is removed in time.
			const record = await this.configstore.get(id).catch(() => undefined);
			this.#begun.add(id, record?.size ?? 0);
		}
	}

	/**
	 * Counts an upload as begun, unless `check` throws, which is told what the person's others will take. Counted before
	 * it is asked, so that of many at once no two count on the same room.
	 */
	async reserve(id: string, size: number, check: (beside: Begun) => Promise<void>): Promise<void> {
		const beside = this.#begun.beside(id);
		this.#begun.add(id, size);
		try {
			await check(beside);
		} catch (error) {
			this.#begun.delete(id);
			throw error;
		}
	}

	/** Somebody else wants to go on with the upload: what the pace has not let through yet is forgotten, and sent again. */
	letGo(id: string): void {
		this.#paces.get(id)?.end();
	}

	/** Where the bytes are. Ids are checked by the door before anything else. */
	pathOf(id: string): string {
		return join(this.directory, id);
	}

	/** Null when there is none, or it has expired. */
	async find(id: string): Promise<UploadState | null> {
		const record = await this.configstore.get(id);
		const file = await stat(this.pathOf(id)).catch(() => null);
		if (!record || !file) return null;
		const age = Date.now() - new Date(record.creation_date ?? 0).getTime();
		if (age > this.getExpiration()) return null;
		return { offset: file.size, size: record.size ?? 0, metadata: record.metadata ?? {} };
	}

	/** The library looks once more at what it has just finished. */
	override async getUpload(id: string): Promise<Upload> {
		const finished = await this.#finished.find(id);
		return finished ? new Upload({ id, size: finished.size, offset: finished.size }) : super.getUpload(id);
	}

	override async create(upload: Upload): Promise<Upload> {
		await this.#space.require(upload.size ?? 0, 'upload');
		if (this.#begun.beside(upload.id).files >= this.#mostBegun) {
			this.#begun.delete(upload.id);
			throw new CodedError('too-many-requests', 'Too many uploads are begun and not finished.', { retryAfter: 60 });
		}
		// Counted before it is there, so that many at once are not too many.
		this.#begun.add(upload.id, upload.size ?? 0);
		try {
			return await super.create(upload);
		} catch (error) {
			await this.remove(upload.id);
			throw error;
		}
	}

	/** What has arrived before a cut stays; it is on disk before the new offset is answered. */
	override async write(pieces: AsyncIterable<Buffer>, id: string, offset: number): Promise<number> {
		const file = await open(this.pathOf(id), 'a');
		const writer = new FileWriter(file);
		const pace = this.#paceOf(ownerOf(id));
		let isLetGo = false;
		const take = async (piece: Buffer): Promise<void> => {
			const wait = pace.take(piece.length);
			if (wait) await wait;
			isLetGo ||= pace.isOver;
			if (isLetGo) return;
			waiting.push(piece);
			bytes += piece.length;
			if (bytes < WRITE_BYTES) return;
			if (this.#space.isStale) await this.#space.require(bytes, 'upload');
			else this.#space.took(bytes);
			await flush();
		};
		this.#paces.set(id, pace);
		// It may break while we wait for the pace. One that has ended in order closes too, and its last piece still counts.
		const source = pieces as AsyncIterable<Buffer> & Partial<Readable>;
		source.once?.('close', () => {
			if (!source.readableEnded) pace.end();
		});
		let at = offset;
		let waiting: Buffer[] = [];
		let bytes = 0;
		const flush = async (): Promise<void> => {
			const taken = waiting;
			const size = bytes;
			waiting = [];
			bytes = 0;
			if (size > 0) await writer.write(taken, size);
			at += size;
		};
		try {
			try {
				for await (const piece of pieces) {
					// In parts, so that what the pace has let through stays, however long the rest of the piece would take.
					for (let from = 0; from < piece.length; ) {
						const part = piece.subarray(from, from + pace.piece(piece.length - from));
						await take(part);
						from += part.length;
					}
				}
			} finally {
				await flush();
				await writer.finish();
			}
			return at;
		} finally {
			pace.end();
			if (this.#paces.get(id) === pace) this.#paces.delete(id);
			await writer.settle();
			await file.close();
		}
	}

	override async remove(id: string): Promise<void> {
		// The record first: bytes without a record are nobody's.
		await rm(`${this.pathOf(id)}${RECORD}`, { force: true });
		await rm(this.pathOf(id), { force: true });
		this.#begun.delete(id);
	}

	/** Removes what was begun before the instant; gives how many. */
	async removeBegunBefore(before: number): Promise<number> {
		let removed = 0;
		for (const name of await readdir(this.directory)) {
			if (name.includes('.') && !name.endsWith(RECORD)) continue;
			const id = name.endsWith(RECORD) ? name.slice(0, -RECORD.length) : name;
			// A record is written once, when the upload is begun; bytes without one are a crash's left-over.
			const record = await stat(`${this.pathOf(id)}${RECORD}`).catch(() => null);
			const begun = record ?? (await stat(this.pathOf(id)).catch(() => null));
			if (!begun || begun.mtimeMs >= before) continue;
			await this.remove(id);
			removed += 1;
		}
		return removed;
	}
}
