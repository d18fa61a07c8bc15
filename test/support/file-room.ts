import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import Database from 'better-sqlite3';
import { pino } from 'pino';
import { ACCOUNTING_OPERATIONS } from '../../coordinator/accounting/operations.ts';
import { recordTransfer, type Transfer } from '../../coordinator/accounting/transfer-store.ts';
import { writeOperation } from '../../coordinator/database/operation.ts';
import { BlobStore } from '../../coordinator/files/blob-store.ts';
import { NO_CONDITION } from '../../coordinator/files/condition.ts';
import { prepareFileFacts } from '../../coordinator/files/facts-store.ts';
import type { FileChange, FileEvents } from '../../coordinator/files/file-events.ts';
import { Files } from '../../coordinator/files/files.ts';
import { FILE_OPERATIONS } from '../../coordinator/files/operations.ts';
import { parsePath } from '../../coordinator/files/safe-path.ts';
import { type NewVersion, prepareAddVersion } from '../../coordinator/files/version-store.ts';
import { Announcer } from '../../coordinator/report/announcer.ts';
import { TestBook } from './policy-book.ts';
import { TempFolder } from './temp-folder.ts';
import { TestLedger } from './test-ledger.ts';

export const addVersion = writeOperation('test.add-version', prepareAddVersion);
export const addFacts = writeOperation('test.add-facts', (db) => {
	const add = prepareFileFacts(db);
	return (facts: Parameters<typeof add>[0]) => add(facts);
});

/** The files room with a real ledger and a real disk, and two people: 1 is ada, 2 is bob. */
export class FileRoom {
	readonly folder: TempFolder;
	readonly ledger: TestLedger;
	readonly blobs: BlobStore;
	readonly files: Files;
	/** A second connection, to look at rows. */
	readonly db: Database.Database;
	readonly changes: FileChange[] = [];
	/** Everybody's class; a test gives what it likes. */
	readonly policies = new TestBook();

	private constructor(
		folder: TempFolder,
		ledger: TestLedger,
		blobs: BlobStore,
		onMetered: (transfer: Transfer) => void,
	) {
		this.folder = folder;
		this.ledger = ledger;
		this.blobs = blobs;
		const announcer = new Announcer<FileEvents>((error) => {
			throw error;
		});
		announcer.on('file:changed', (changes) => this.changes.push(...changes));
		this.files = new Files({
			ledger,
			blobs,
			announcer,
			logger: pino({ level: 'silent' }),
			policies: this.policies,
			happened: () => {},
			meter: async (transfer) => {
				await ledger.write(recordTransfer, transfer);
				onMetered(transfer);
			},
		});
		this.db = new Database(folder.join('ledger.db'));
		this.db.exec(`INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at)
			VALUES (1, 'usr_a', 'ada', 'ada', 'x', 'user', 1), (2, 'usr_b', 'bob', 'bob', 'x', 'user', 1)`);
	}

	/** `onMetered` hears of downloads. */
	static async open(onMetered: (transfer: Transfer) => void = () => {}): Promise<FileRoom> {
		const folder = new TempFolder();
		const operations = [...FILE_OPERATIONS, ...ACCOUNTING_OPERATIONS, addVersion, addFacts];
		const ledger = new TestLedger({ file: folder.join('ledger.db'), operations });
		const blobs = await BlobStore.open({
			folder: folder.join('blobs'),
			staging: folder.join('staging'),
			watermark: 0,
		});
		return new FileRoom(folder, ledger, blobs, onMetered);
	}

	/** Uploads as the jobs room does: stage, keep, one transaction. */
	async upload(path: string, content: Buffer | string = randomBytes(32), more: Partial<NewVersion> = {}) {
		const staged = await this.blobs.stage(Readable.from([Buffer.from(content)]), { maxBytes: 1e9 });
		const { sha256, size } = staged;
		const base = { ownerSeq: 1, names: parsePath(path), now: Date.now(), condition: NO_CONDITION };
		return this.files.commit(staged, () => this.ledger.write(addVersion, { ...base, ...more, sha256, size }));
	}

	/** Paths of a person's folder, with a slash behind folders. */
	async list(path = '/', ownerSeq = 1): Promise<string[]> {
		const { items } = await this.files.listFolder(ownerSeq, parsePath(path), { limit: 1000 });
		return items.map((item) => (item.kind === 'folder' ? `${item.path}/` : item.path));
	}

	count(sql: string): number {
		return this.db.prepare(sql).pluck().get() as number;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.db.close();
		await this.ledger[Symbol.asyncDispose]();
		await this.folder[Symbol.asyncDispose]();
	}
}
