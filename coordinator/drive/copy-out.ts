import { Readable } from 'node:stream';
import { CodedError } from '../../shared/coded-error.ts';
import type { Datasets } from '../datasets/datasets.ts';
import type { ArchiveStep } from '../files/archive.ts';
import { NO_CONDITION } from '../files/condition.ts';
import type { ContentReader } from '../files/content-reader.ts';
import type { Files } from '../files/files.ts';
import { formatPath } from '../files/safe-path.ts';
import { SMALL_BYTES } from '../files/small-writer.ts';
import type { Uploads } from '../jobs/uploads.ts';
import type { Asker } from './place.ts';

/** Copies files of datasets into people's own trees: each is an upload like any other. */
export class CopyOut {
	readonly #datasets: Pick<Datasets, 'content' | 'download'>;
	readonly #contents: ContentReader;
	readonly #files: Pick<Files, 'makeFolderAt' | 'quotaOf' | 'checkBegin'>;
	readonly #uploads: Pick<Uploads, 'receive'>;

	constructor(options: {
		datasets: Pick<Datasets, 'content' | 'download'>;
		contents: ContentReader;
		files: Pick<Files, 'makeFolderAt' | 'quotaOf' | 'checkBegin'>;
		uploads: Pick<Uploads, 'receive'>;
	}) {
		this.#datasets = options.datasets;
		this.#contents = options.contents;
		this.#files = options.files;
		this.#uploads = options.uploads;
	}

	/** Throws `licence-not-accepted`, and what an upload throws. */
	async file(asker: Asker, from: readonly string[], to: readonly string[], tokens: string[]): Promise<void> {
		const [ref = '', ...within] = from;
		const found = await this.#datasets.content({ readerSeq: asker.userSeq, ref }, within, null);
		if (!found) throw new CodedError('not-found');
		await this.#upload(asker, found, to, tokens);
	}

	/** Throws `quota-exceeded` when there is no room for all that is in a folder: half a copy helps nobody. */
	async checkFolder(asker: Asker, from: readonly string[], to: readonly string[]): Promise<void> {
		if (this.#files.quotaOf(asker.userSeq) === null) return;
		let [bytes, files, first] = [0, 0, ''];
		for await (const step of await this.#stepsOf(asker, from)) {
			if (!('file' in step)) continue;
			if (files === 0) first = step.file.name;
			bytes += step.file.size;
			files += 1;
		}
		if (files === 0) return;
		const upload = { names: [...to, first], condition: NO_CONDITION, bytes };
		await this.#files.checkBegin(asker.userSeq, upload, { bytes: 0, files: files - 1 });
	}

	/**
	 * A folder with all that is in it, of one version whatever is published meanwhile. What was copied before something
	 * fails stays. Throws `licence-not-accepted`, and what an upload throws.
	 */
	async folder(asker: Asker, from: readonly string[], to: readonly string[], tokens: string[]): Promise<void> {
		const steps = await this.#stepsOf(asker, from);
		const ownerSeq = asker.userSeq;
		await this.#files.makeFolderAt({ ownerSeq, names: [...to], tokens });
		for await (const step of steps) {
			const folder = step.folder === '' ? [...to] : [...to, ...step.folder.split('/')];
			if ('file' in step) await this.#upload(asker, step.file, [...folder, step.file.name], tokens);
			else await this.#files.makeFolderAt({ ownerSeq, names: folder, tokens });
		}
	}

	async #stepsOf({ userSeq }: Asker, [ref = '', ...within]: readonly string[]): Promise<AsyncIterable<ArchiveStep>> {
		const under = within.length === 0 ? null : within.join('/');
		return (await this.#datasets.download({ readerSeq: userSeq, ref }, null, under)).steps;
	}

	async #upload(
		actor: Asker,
		{ sha256, size }: { sha256: string; size: number },
		to: readonly string[],
		tokens: string[],
	): Promise<void> {
		const file = size > SMALL_BYTES ? await this.#contents.open(sha256, size) : null;
		try {
			const source = file
				? file.createReadStream({ start: 0, autoClose: false })
				: Readable.from([await this.#contents.readSmall(sha256, size)]);
			const what = { source, declaredBytes: size, sha256, condition: NO_CONDITION };
			await this.#uploads.receive({ actor, path: formatPath(to), ...what, settles: { tokens } });
		} finally {
			await file?.close();
		}
	}
}
