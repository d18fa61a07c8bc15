import type { UploadAnswer } from '../../shared/protocol/file.ts';
import type { Ledger } from '../database/ledger.ts';
import type { Condition } from '../files/condition.ts';
import type { Files } from '../files/files.ts';
import type { DriveWrite } from '../files/require-upload-store.ts';
import { formatPath, parsePath } from '../files/safe-path.ts';
import { SMALL_BYTES } from '../files/small-writer.ts';
import { sniffMediaType } from '../files/sniff.ts';
import type { BlobSource, StagedBlob } from '../files/staged-blob.ts';
import type { TaskQueue } from '../queue/task-queue.ts';
import type { TriggerBook } from '../recipes/book.ts';
import type { Planner } from '../recipes/planner.ts';
import { byBook } from '../recipes/replan.ts';
import type { TriggerBooks } from '../recipes/trigger-book.ts';
import { commitUpload, findUploadAnswer, type UploadPlan } from './upload-store.ts';

const NOTHING = (): void => {};

const isSmall = (bytes: number | null | undefined): boolean => typeof bytes === 'number' && bytes <= SMALL_BYTES;

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
	/** It comes through the drive: its folder has to be there, locks bind it, and what it starts waits until it has settled. */
	drive?: DriveWrite | null | undefined;
	/** A repeat with the same key gets the first one's answer and stores nothing. */
	idempotencyKey?: string | undefined;
}

/** Told of what was stored, after the commit. */
type OnUploaded = (upload: {
	file: string;
	version: number;
	size: number;
	startedAt: number;
	endedAt: number;
	/** How many tasks it has started. */
	tasks: number;
}) => void;

/**
 * The one way of content into the system, whatever door it comes through: staged and checked, put into its place, then
 * one transaction for the version, its tasks, metering and audit. What is answered is durable; what fails leaves nothing.
 */
export class Uploads {
	readonly #ledger: Ledger;
	readonly #files: Files;
	readonly #queue: TaskQueue;
	readonly #books: TriggerBooks;
	readonly #planner: Planner;
	readonly #maxFileBytes: number;
	readonly #uploaded: OnUploaded | null;
	/** Since the start, for metrics. */
	readonly totals = { uploads: 0, bytes: 0 };

	constructor(options: {
		ledger: Ledger;
		files: Files;
		queue: TaskQueue;
		books: TriggerBooks;
		planner: Planner;
		maxFileBytes: number;
		uploaded?: OnUploaded | undefined;
	}) {
		this.#ledger = options.ledger;
		this.#files = options.files;
		this.#queue = options.queue;
		this.#books = options.books;
		this.#planner = options.planner;
		this.#maxFileBytes = options.maxFileBytes;
		this.#uploaded = options.uploaded ?? null;
	}

	async receive(request: UploadRequest): Promise<UploadAnswer & { created: boolean }> {
		const startedAt = performance.now();
		const names = parsePath(request.path);
		if (request.idempotencyKey !== undefined) {
			const { userSeq } = request.actor;
			const before = await this.#ledger.read(findUploadAnswer, { ownerSeq: userSeq, key: request.idempotencyKey });
			if (before) return { ...before, created: before.file.version === 1 };
		}
		const settledLater = this.#files.settler.expect(request.actor.userSeq, formatPath(names));
		try {
			return await this.#receive(request, names, startedAt);
		} finally {
			settledLater();
		}
	}

	async #receive(request: UploadRequest, names: string[], startedAt: number) {
		// Of few bytes it does not matter that they flow in vain: the transaction refuses what the check would refuse.
		// Of who has a quota it does: whoever is at its end would make the writer undo one transaction after the other.
		const { userSeq } = request.actor;
		const declaredBytes = request.declaredBytes ?? null;
		if (!isSmall(declaredBytes) || this.#files.quotaOf(userSeq)) {
			const { condition, drive = null } = request;
			// Whoever was never here has recipes from now on, and so inboxes.
			if (drive) await this.#books.of(userSeq);
			await this.#files.checkUpload(userSeq, { names, condition, drive }, declaredBytes);
		}
		// The bytes of a file of ours have flowed already, and were asked about before.
		const isHere = 'adopt' in request.source;
		const metered = isHere ? NOTHING : await this.#files.transfers.begin(userSeq, declaredBytes ?? 1);
		try {
			const staged = await this.#files.blobs.stage(request.source, {
				maxBytes: this.#maxFileBytes,
				declaredBytes,
				sha256: request.sha256,
				signal: request.signal,
				pace: isHere ? null : this.#files.bandwidth.paceOf(userSeq, 'upload'),
			});
			return await this.#files.commit(staged, () =>
				this.#commit(request, names, staged, performance.now() - startedAt),
			);
		} finally {
			metered();
		}
	}

	async #commit(request: UploadRequest, names: string[], staged: StagedBlob, wallMs: number) {
		const { actor, condition, drive = null } = request;
		const now = Date.now();
		const { sha256, size } = staged;
		const version = {
			...{ ownerSeq: actor.userSeq, names, sha256, size, now, condition, drive },
			quota: this.#files.quotaOf(actor.userSeq),
		};
		const mediaType = sniffMediaType(staged.head);
		const { file, waits, tasks, submitted, answer } = await byBook(this.#books, actor.userSeq, (book) =>
			this.#ledger.write(commitUpload, {
				version,
				plan: this.#planFor(actor.userSeq, book, formatPath(names), mediaType),
				mediaType,
				wallMs,
				serviceClass: this.#files.classOf(actor.userSeq),
				idempotencyKey: request.idempotencyKey ?? null,
				audit: { at: now, actor: actor.userId, action: 'file.upload', outcome: 'done', address: actor.address },
			}),
		);
		this.totals.uploads += 1;
		this.totals.bytes += size;
		this.#queue.accepted(submitted, tasks, now);
		const { version: stored } = answer.file;
		const facts = { file: file.fileId, version: stored, size, startedAt: now - wallMs, endedAt: Date.now() };
		this.#uploaded?.({ ...facts, tasks: tasks.length });
		if (waits) this.#files.settler.wake();
		const { fileId: id, revision, path } = file;
		this.#files.announce([{ ownerSeq: actor.userSeq, id, revision, path, gone: false }]);
		return { ...answer, created: file.created };
	}

	/** Whether it is a new file or a further version is only known in the transaction, so both are planned. */
	#planFor(ownerSeq: number, book: TriggerBook, path: string, mediaType: string | null): UploadPlan {
		const facts = { path, mediaType, isSniffed: true, isResult: false, lineage: [] };
		const { revision } = book;
		const upload = this.#planner.plan(ownerSeq, book, { ...facts, event: 'upload' });
		const isSame = book.of('update') === book.of('upload');
		const update = isSame ? upload : this.#planner.plan(ownerSeq, book, { ...facts, event: 'update' });
		return { revision, upload, update };
	}
}
