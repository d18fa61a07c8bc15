import type { FileHandle } from 'node:fs/promises';
import type { Me } from '../../shared/protocol/account.ts';
import type { FileDetail, FolderEntry, FolderView } from '../../shared/protocol/file.ts';
import type { Transfer } from '../accounting/transfer-store.ts';
import type { Ledger } from '../database/ledger.ts';
import type { PolicyBook } from '../qos/policy.ts';
import type { Announcer } from '../report/announcer.ts';
import type { Logger } from '../report/logger.ts';
import { Bandwidth } from './bandwidth.ts';
import type { BlobStore } from './blob-store.ts';
import { BlobSweep } from './blob-sweep.ts';
import { ByPath, type TransferRequest } from './by-path.ts';
import { type FoundEntry, findEntry, moveEntry, restoreEntry, trashEntry } from './change-store.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { Destroyer } from './destroyer.ts';
import {
	type Content,
	findContent,
	findContentAt,
	findThumbnail,
	makeFolder,
	readFileDetail,
	type ThumbnailContent,
} from './detail-store.ts';
import { Downloads } from './downloads.ts';
import type { EntryKind } from './entry-store.ts';
import type { FileChange, FileEvents } from './file-events.ts';
import { folderPositionSchema, listFolder, listTrash, trashPositionSchema } from './list-store.ts';
import { type Coming, type Quota, quotaOf, storageView } from './quota-store.ts';
import type { UploadAt } from './require-upload-store.ts';
import { Settler } from './settler.ts';
import type { StagedBlob } from './staged-blob.ts';
import type { Target } from './target.ts';
import { Transfers } from './transfers.ts';
import { readStorageUsages } from './usage-store.ts';
import { listVersions, versionPositionSchema } from './version-list-store.ts';
import { checkUpload } from './version-store.ts';
import { findWalkStart, type WalkFolder, type WalkPage, type WalkStep, walkFolder } from './walk-store.ts';

export interface Page {
	items: FolderEntry[];
	nextCursor: string | null;
}

/** Whose, which, and who asks: what every change needs. */
export type ChangeRequest = Omit<Target, 'now'>;

const WALK_PAGE = 500;
const NOTHING: Coming = { bytes: 0, files: 0 };

/** People's files: everything but their content's way in, which the jobs room leads through `stage` and `commit`. */
export class Files {
	readonly blobs: BlobStore;
	readonly sweep: BlobSweep;
	readonly bandwidth: Bandwidth;
	readonly transfers: Transfers;
	readonly downloads: Downloads;
	readonly settler: Settler;
	readonly #ledger: Ledger;
	readonly #announcer: Announcer<FileEvents>;
	readonly #logger: Logger;
	readonly #policies: PolicyBook;
	readonly #happened: (last: number) => void;
	readonly #destroyer: Destroyer;
	readonly #byPath: ByPath;

	constructor(options: {
		ledger: Ledger;
		blobs: BlobStore;
		announcer: Announcer<FileEvents>;
		logger: Logger;
		policies: PolicyBook;
		/** Told after a commit which happening is the newest. */
		happened: (last: number) => void;
		/** Meters a download; never rejects. */
		meter: (transfer: Transfer) => Promise<void>;
	}) {
		this.blobs = options.blobs;
		this.sweep = new BlobSweep(options);
		this.settler = new Settler(options);
		this.#ledger = options.ledger;
		this.#announcer = options.announcer;
		this.#logger = options.logger;
		this.#policies = options.policies;
		this.bandwidth = new Bandwidth(options);
		this.transfers = new Transfers(options);
		const { transfers, bandwidth } = this;
		const classOf = (userSeq: number): string => this.classOf(userSeq);
		this.downloads = new Downloads({ transfers, bandwidth, classOf, meter: options.meter });
		this.#happened = options.happened;
		this.#destroyer = new Destroyer({ ...options, announce: (changes) => this.announce(changes) });
		this.#byPath = new ByPath(options.ledger, {
			quotaOf: (ownerSeq) => this.quotaOf(ownerSeq),
			onChanged: (changes, happened) => this.#changed(changes, happened),
			destroyFolder: (ownerSeq, id) => this.#destroyer.discardFolder(ownerSeq, id),
		});
	}

	// --- reading

	async listFolder(ownerSeq: number, names: string[], page: { limit: number; cursor?: string | undefined }) {
		const after = readCursor(page.cursor, folderPositionSchema);
		const { items, next } = await this.#ledger.read(listFolder, { ownerSeq, names, limit: page.limit, after });
		return { items, nextCursor: next && writeCursor(next) } satisfies Page;
	}

	async listTrash(ownerSeq: number, page: { limit: number; cursor?: string | undefined }) {
		const after = readCursor(page.cursor, trashPositionSchema);
		const { items, next } = await this.#ledger.read(listTrash, { ownerSeq, limit: page.limit, after });
		return { items, nextCursor: next && writeCursor(next) } satisfies Page;
	}

	detail(id: string): Promise<{ ownerSeq: number; detail: FileDetail } | null> {
		return this.#ledger.read(readFileDetail, { id });
	}

	/** One page of a file's versions, the newest first; null when the file is not there. */
	async versions(id: string, page: { limit: number; cursor?: string | undefined }) {
		const before = readCursor(page.cursor, versionPositionSchema);
		const listed = await this.#ledger.read(listVersions, { id, before, limit: page.limit });
		if (!listed) return null;
		const { ownerSeq, items, next } = listed;
		return { ownerSeq, page: { items, nextCursor: next === null ? null : writeCursor(next) } };
	}

	find(kind: EntryKind, id: string): Promise<FoundEntry | null> {
		return this.#ledger.read(findEntry, { kind, id });
	}

	contentAt(ownerSeq: number, names: string[]): Promise<Content | null> {
		return this.#ledger.read(findContentAt, { ownerSeq, names });
	}

	content(id: string, version: number | null): Promise<Content | null> {
		return this.#ledger.read(findContent, { id, version });
	}

	thumbnail(id: string, version: number | null): Promise<ThumbnailContent | null> {
		return this.#ledger.read(findThumbnail, { id, version });
	}

	/** The bytes of some content; the caller closes. */
	open(sha256: string, size: number): Promise<FileHandle> {
		return this.blobs.open(sha256, size);
	}

	/** What a person's files take, and what they may take. */
	async storageOf(ownerSeq: number): Promise<Me['storage']> {
		return (await this.storagesOf([ownerSeq]))[0]!;
	}

	/** The same of many people, in this order. */
	async storagesOf(ownerSeqs: readonly number[]): Promise<Me['storage'][]> {
		const used = await this.#ledger.read(readStorageUsages, ownerSeqs);
		return used.map((taken, at) => storageView(this.quotaOf(ownerSeqs[at]!), taken));
	}

	/** The service class that counts for the person now. */
	classOf(ownerSeq: number): string {
		return this.#policies.of(ownerSeq).serviceClass;
	}

	/** What the person's class lets the person's files take now; null is no limit at all. */
	quotaOf(ownerSeq: number): Quota | null {
		return quotaOf(this.#policies.of(ownerSeq));
	}

	/** Everything below a folder, folder by folder; paths are relative to it. */
	async *walk(ownerSeq: number, names: string[]): AsyncGenerator<WalkStep> {
		yield* this.walkFrom(ownerSeq, [await this.#ledger.read(findWalkStart, { ownerSeq, names })]);
	}

	/** Everything below these folders, by paths that begin with theirs. */
	async *walkFrom(ownerSeq: number, starts: readonly WalkFolder[]): AsyncGenerator<WalkStep> {
		// A stack: the first one on top.
		const waiting = [...starts].reverse();
		for (let folder = waiting.pop(); folder; folder = waiting.pop()) {
			if (folder.path !== '') yield { folder: folder.path };
			for (let after: string | undefined = ''; after !== undefined; ) {
				const page: WalkPage = await this.#ledger.read(walkFolder, { ownerSeq, folder, after, limit: WALK_PAGE });
				const prefix = folder.path === '' ? '' : `${folder.path}/`;
				for (const { seq, name } of page.folders.reverse()) waiting.push({ seq, path: prefix + name });
				for (const file of page.files) yield { folder: folder.path, file };
				after = page.files.length === WALK_PAGE ? page.files.at(-1)?.name : undefined;
			}
		}
	}

	// --- content on its way in

	/** Throws what adding a version there would throw now, so that no bytes flow in vain. */
	async checkUpload(ownerSeq: number, upload: UploadAt, bytes: number | null): Promise<void> {
		await this.#check(ownerSeq, { ...upload, bytes: bytes ?? 1 }, NOTHING);
	}

	/**
	 * The same for an upload of which the bytes come over some time. What others that have begun will bring counts as if
	 * it were there, so that nobody fills the disk, or uploads in vain, with many of which each alone would be right.
	 */
	async checkBegin(ownerSeq: number, upload: UploadAt & { bytes: number }, beside: Coming): Promise<void> {
		await this.#check(ownerSeq, upload, beside);
		await this.transfers.check(ownerSeq, upload.bytes + beside.bytes);
	}

	async #check(ownerSeq: number, upload: UploadAt & { bytes: number }, beside: Coming): Promise<void> {
		const { names, condition, drive = null, bytes } = upload;
		const known = { quota: this.quotaOf(ownerSeq), beside, now: Date.now() };
		await this.#ledger.read(checkUpload, { ownerSeq, names, condition, drive, bytes, ...known });
	}

	/**
	 * Keeps a staged blob while `commit` writes what refers to it. When that fails nothing is left behind, unless
	 * somebody else has brought the same content.
	 */
	async commit<T>(staged: StagedBlob, commit: () => Promise<T>): Promise<T> {
		let release: () => void;
		try {
			release = await this.blobs.keep(staged);
		} catch (error) {
			await this.blobs.discard(staged);
			throw error;
		}
		try {
			const result = await commit();
			release();
			return result;
		} catch (error) {
			release();
			await this.sweep.removeOrphan(staged.sha256).catch((cause: unknown) => {
				this.#logger.warn({ err: cause, sha256: staged.sha256 }, 'an unused blob stays until the next sweep');
			});
			throw error;
		}
	}

	/** Tells whoever watches, after the commit. */
	announce(changes: readonly (FileChange | null)[]): void {
		const real = changes.filter((change) => change !== null);
		if (real.length > 0) this.#announcer.announce('file:changed', real);
	}

	// --- changes

	async makeFolder(ownerSeq: number, names: string[]): Promise<{ folder: FolderView; created: boolean }> {
		const made = await this.#ledger.write(makeFolder, { ownerSeq, names, now: Date.now() });
		const { id, path } = made.folder;
		if (made.created) this.announce([{ ownerSeq, id, revision: 1, path, gone: false }]);
		return made;
	}

	/** Moves or renames to a whole path; missing folders are made. */
	async move(request: ChangeRequest, names: string[]): Promise<void> {
		const { change, happened } = await this.#ledger.write(moveEntry, { ...request, now: Date.now(), names });
		this.#changed([change], happened);
	}

	async trash(request: ChangeRequest): Promise<void> {
		this.announce([await this.#ledger.write(trashEntry, { ...request, now: Date.now() })]);
	}

	/** Takes out of the trash to where it was; with `rename` under a free name when that is taken. */
	async restore(request: ChangeRequest, options: { rename: boolean }): Promise<void> {
		this.#changed([await this.#ledger.write(restoreEntry, { ...request, now: Date.now(), ...options })], 0);
	}

	/** Destroys what has been in the trash since before the instant. Gives how much went. */
	emptyTrash(trashedBefore: number): Promise<number> {
		return this.#destroyer.emptyTrash(trashedBefore);
	}

	/** Destroys for good, whether it is in the trash or not. */
	destroy(request: ChangeRequest): Promise<void> {
		return this.#destroyer.destroy(request);
	}

	/** Of what may settle, or start something, under its name of now. */
	#changed(changes: readonly (FileChange | null)[], happened: number): void {
		this.announce(changes);
		this.settler.wake();
		this.#happened(happened);
	}

	// --- changes of what is at a path, for the drive

	/** Moves or copies. */
	transfer(request: TransferRequest): Promise<{ replaced: boolean }> {
		return this.#byPath.transfer(request);
	}

	/** Takes away what is at a path; what nobody would look for in the trash is destroyed. */
	removeAt(request: Parameters<ByPath['remove']>[0]): Promise<void> {
		return this.#byPath.remove(request);
	}

	/** Makes one folder. */
	makeFolderAt(request: Parameters<ByPath['makeFolder']>[0]): Promise<void> {
		return this.#byPath.makeFolder(request);
	}
}
