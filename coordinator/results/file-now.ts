import type { FiledOutput, Filing } from '../../shared/protocol/result.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import type { ContentReader } from '../files/content-reader.ts';
import type { Files } from '../files/files.ts';
import { SMALL_BYTES } from '../files/small-writer.ts';
import { SNIFF_BYTES, sniffMediaType } from '../files/sniff.ts';
import type { Happenings } from '../happenings/happenings.ts';
import { missTask } from '../queue/missing-store.ts';
import { fileNow, readUnfiled, type UnfiledTask } from './file-now-store.ts';
import type { OutputToFile } from './file-one-store.ts';

/** Makes files of what stays with a task, when its owner asks for it. */
export class FileNow {
	readonly #ledger: Ledger;
	readonly #files: Pick<Files, 'blobs' | 'quotaOf' | 'announce'>;
	readonly #happenings: Pick<Happenings, 'committed'>;

	constructor(options: {
		ledger: Ledger;
		files: Pick<Files, 'blobs' | 'quotaOf' | 'announce'>;
		happenings: Pick<Happenings, 'committed'>;
	}) {
		this.#ledger = options.ledger;
		this.#files = options.files;
		this.#happenings = options.happenings;
	}

	/** Throws `not-found` or `no-longer-kept`. */
	async find(id: string): Promise<UnfiledTask> {
		const task = await this.#ledger.read(readUnfiled, id);
		return task ?? this.#ledger.read(missTask, id);
	}

	/** What became of the task's outputs; asked again, nothing is filed twice. Throws `wrong-state`. */
	async file({ seq, ownerSeq, outputs }: UnfiledTask, filing: Filing, by: Doer): Promise<FiledOutput[]> {
		const known: OutputToFile[] = [];
		for (const output of outputs) known.push({ ...output, sniffed: await mediaTypeOf(output, this.#files.blobs) });
		const quota = this.#files.quotaOf(ownerSeq);
		const args = { seq, ownerSeq, filing, outputs: known, quota, by, now: Date.now() };
		const { changes, filings, happened } = await this.#ledger.write(fileNow, args);
		this.#happenings.committed(happened);
		this.#files.announce(changes);
		return filings;
	}
}

/** What the first bytes say, as of every result: nobody's word is taken for it. */
const mediaTypeOf = async ({ sha256, size }: { sha256: string; size: number }, contents: ContentReader) => {
	if (size <= SMALL_BYTES) return sniffMediaType((await contents.readSmall(sha256, size)).subarray(0, SNIFF_BYTES));
	const file = await contents.open(sha256, size);
	try {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
		return sniffMediaType(buffer.subarray(0, bytesRead));
	} finally {
		await file.close();
	}
};
