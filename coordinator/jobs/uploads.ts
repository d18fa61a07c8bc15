import type { UploadAnswer } from '../../shared/protocol/file.ts';
import type { Ledger } from '../database/ledger.ts';
import { newId } from '../database/new-id.ts';
import type { BlobStore } from '../files/blob-store.ts';
import type { FileEvents } from '../files/file-events.ts';
import { parsePath } from '../files/safe-path.ts';
import { sniffMediaType } from '../files/sniff.ts';
import type { BlobSource, StagedBlob } from '../files/staged-blob.ts';
import type { Condition } from '../files/version-store.ts';
import type { TaskQueue } from '../queue/task-queue.ts';
import type { TaskTypes } from '../queue/task-types.ts';
import type { Announcer } from '../report/announcer.ts';
import { tasksOnUpload } from './on-upload.ts';
import { commitUpload, type UploadTask } from './upload-store.ts';

const PRIORITY = 4;

/** Who uploads, as far as this room needs to know. */
export interface Uploader {
	userSeq: number;
	userId: string;
	address: string;
}

export interface UploadRequest {
	actor: Uploader;
	path: string;
	source: BlobSource;
	declaredBytes?: number | null | undefined;
	sha256?: string | null | undefined;
	condition: Condition;
	signal?: AbortSignal | undefined;
}

/**
 * The one way of content into the system, whatever door it comes through: staged and checked, put into its place, then
 * one transaction for the version, its tasks, metering and audit. What is answered is durable; what fails leaves nothing.
 */
export class Uploads {
	readonly #ledger: Ledger;
	readonly #blobs: BlobStore;
	readonly #types: TaskTypes;
	readonly #queue: TaskQueue;
	readonly #announcer: Announcer<FileEvents>;
	readonly #maxFileBytes: number;
	/** Since the start, for metrics. */
	readonly totals = { uploads: 0, bytes: 0 };

	constructor(options: {
		ledger: Ledger;
		blobs: BlobStore;
		types: TaskTypes;
		queue: TaskQueue;
		announcer: Announcer<FileEvents>;
		maxFileBytes: number;
	}) {
		this.#ledger = options.ledger;
		this.#blobs = options.blobs;
		this.#types = options.types;
		this.#queue = options.queue;
		this.#announcer = options.announcer;
		this.#maxFileBytes = options.maxFileBytes;
	}

	async receive(request: UploadRequest): Promise<UploadAnswer & { created: boolean }> {
		const startedAt = performance.now();
		const names = parsePath(request.path);
		const staged = await this.#blobs.stage(request.source, {
			maxBytes: this.#maxFileBytes,
			declaredBytes: request.declaredBytes,
			sha256: request.sha256,
			signal: request.signal,
		});
		let release: () => void;
		try {
			release = await this.#blobs.keep(staged);
		} catch (error) {
			await this.#blobs.discard(staged);
			throw error;
		}
		try {
			return await this.#commit(request, names, staged, performance.now() - startedAt);
		} finally {
			release();
		}
	}

	async #commit(request: UploadRequest, names: string[], staged: StagedBlob, wallMs: number) {
		const { actor, condition } = request;
		const now = Date.now();
		const { sha256, size } = staged;
		const { file, tasks, submitted } = await this.#ledger.write(commitUpload, {
			version: { ownerSeq: actor.userSeq, names, sha256, size, now, condition },
			tasks: this.#tasksFor(sniffMediaType(staged.head)),
			wallMs,
			audit: { at: now, actor: actor.userId, action: 'file.upload', outcome: 'done', address: actor.address },
		});
		this.totals.uploads += 1;
		this.totals.bytes += size;
		this.#queue.accepted(submitted, tasks, now);
		this.#announcer.announce('file:changed', [
			{ ownerSeq: actor.userSeq, id: file.fileId, revision: file.revision, path: file.path, gone: false },
		]);
		return {
			created: file.created,
			file: { id: file.fileId, path: file.path, size, sha256, version: file.version },
			tasks: submitted.map(({ id, state }, i) => ({
				id,
				state,
				type: this.#types.bySeq((tasks[i] as (typeof tasks)[number]).typeSeq).name,
			})),
		};
	}

	#tasksFor(mediaType: string | null): UploadTask[] {
		return tasksOnUpload(mediaType).flatMap((name) => {
			const type = this.#types.newest(name);
			if (!type) return [];
			const { routingKey } = type.manifest;
			return [{ id: newId('task'), typeSeq: type.seq, routingKey, priority: PRIORITY, parameters: '{}' }];
		});
	}
}
