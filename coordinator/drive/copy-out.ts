import { Readable } from 'node:stream';
import { CodedError } from '../../shared/coded-error.ts';
import type { Datasets } from '../datasets/datasets.ts';
import type { ArchiveStep } from '../files/archive.ts';
import { type Condition, NO_CONDITION } from '../files/condition.ts';
import type { ContentReader } from '../files/content-reader.ts';
import type { Files } from '../files/files.ts';
import { formatPath } from '../files/safe-path.ts';
import { SMALL_BYTES } from '../files/small-writer.ts';
import type { Uploads } from '../jobs/uploads.ts';
import type { Asker } from './place.ts';

/** Makes a copy of which is known that it may be made. */
export type Copy = (to: readonly string[], tokens: string[]) => Promise<void>;

/** Copies files of datasets into people's own trees: each is an upload like any other. */
export class CopyOut {
	readonly #datasets: Pick<Datasets, 'content' | 'download'>;
	readonly #contents: ContentReader;
	readonly #files: Pick<Files, 'makeFolderAt' | 'checkBegin'>;
	readonly #uploads: Pick<Uploads, 'receive'>;

	constructor(options: {
		datasets: Pick<Datasets, 'content' | 'download'>;
		contents: ContentReader;
		files: Pick<Files, 'makeFolderAt' | 'checkBegin'>;
		uploads: Pick<Uploads, 'receive'>;
	}) {
		this.#datasets = options.datasets;
		this.#contents = options.contents;
		this.#files = options.files;
		this.#uploads = options.uploads;
	}

	/**
	 * A file, onto what is there or into the folder `into`. Throws `licence-not-accepted`, and what its upload would throw
	 * now: with what it gives, the copy is made.
	 */
	async file(asker: Asker, from: readonly string[], into: { checked: string[]; condition: Condition }): Promise<Copy> {
		const [ref = '', ...within] = from;
		const found = await this.#datasets.content({ readerSeq: asker.userSeq, ref }, within, null);
		if (!found) throw new CodedError('not-found');
		const { checked: names, condition } = into;
		await this.#files.checkBegin(asker.userSeq, { names, condition, bytes: found.size }, { bytes: 0, files: 0 });
		return (to, tokens) => this.#upload(asker, found, to, tokens, condition);
	}

	/**
	 * A folder with all that is in it, of one version whatever is published meanwhile. Throws `licence-not-accepted`, and
	 * `quota-exceeded` when there is no room for all of it: half a copy helps nobody. With what it gives, the copy is made;
	 * what was copied before something fails stays.
	 */
	async folder(asker: Asker, from: readonly string[], to: readonly string[]): Promise<Copy> {
		const [ref = '', ...within] = from;
		const under = within.length === 0 ? null : within.join('/');
		const { steps } = await this.#datasets.download({ readerSeq: asker.userSeq, ref }, null, under);
		let [bytes, files, first] = [0, 0, ''];
		for await (const step of steps) {
			if (!('file' in step)) continue;
			if (files === 0) first = step.file.name;
			bytes += step.file.size;
			files += 1;
		}
		const upload = { names: [...to, first], condition: NO_CONDITION, bytes };
		if (files > 0) await this.#files.checkBegin(asker.userSeq, upload, { bytes: 0, files: files - 1 });
		return (target, tokens) => this.#copyAll(asker, steps, target, tokens);
	}

	async #copyAll(asker: Asker, steps: AsyncIterable<ArchiveStep>, to: readonly string[], tokens: string[]) {
		const ownerSeq = asker.userSeq;
		await this.#files.makeFolderAt({ ownerSeq, names: [...to], tokens });
		for await (const step of steps) {
			const folder = step.folder === '' ? [...to] : [...to, ...step.folder.split('/')];
			if ('file' in step) await this.#upload(asker, step.file, [...folder, step.file.name], tokens, NO_CONDITION);
			else await this.#files.makeFolderAt({ ownerSeq, names: folder, tokens });
		}
	}

	async #upload(
		actor: Asker,
		{ sha256, size }: { sha256: string; size: number },
		to: readonly string[],
		tokens: string[],
		condition: Condition,
	): Promise<void> {
		const file = size > SMALL_BYTES ? await this.#contents.open(sha256, size) : null;
		try {
			const source = file
				? file.createReadStream({ start: 0, autoClose: false })
				: Readable.from([await this.#contents.readSmall(sha256, size)]);
			const what = { source, declaredBytes: size, sha256, condition };
			await this.#uploads.receive({ actor, path: formatPath(to), ...what, drive: { tokens } });
		} finally {
			await file?.close();
		}
	}
}
