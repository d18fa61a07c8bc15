import { z } from 'zod';
import { CodedError } from '../../shared/coded-error.ts';
import type {
	DatasetAbout,
	DatasetChange,
	DatasetEntry,
	DatasetGrants,
	DatasetItem,
	DatasetShares,
	DatasetVersionView,
	DatasetView,
} from '../../shared/protocol/dataset.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { newId } from '../database/new-id.ts';
import { readSeqCursor, writeSeqCursor } from '../database/seq-cursor.ts';
import type { ArchiveStep } from '../files/archive.ts';
import { readCursor, writeCursor } from '../files/cursor.ts';
import { FoldersOnTheWay } from '../files/folders-on-the-way.ts';
import { formatPath, parsePath } from '../files/safe-path.ts';
import type { VersionCondition } from '../qos/version-condition.ts';
import { listDatasets, readDataset } from './access-store.ts';
import { requireBelowRoots } from './dataset-roots.ts';
import { type DatasetRow, datasetView } from './dataset-row.ts';
import { changeDataset, createDataset, listDatasetVersions } from './dataset-store.ts';
import { findDatasetContent, findDatasetVersion, listDatasetFolder, listEntries } from './entry-store.ts';
import { acceptLicence, readGrants, writeGrants } from './grants-store.ts';
import type { LinkedContents } from './linked-contents.ts';
import { type PublicationSource, publishDataset } from './publication-store.ts';
import type { Publisher } from './publisher.ts';
import { findRemovable, removeRetired, retireDataset } from './retire-store.ts';

/** Which dataset, by name or id, and who asks. */
export interface Asked {
	readerSeq: number;
	ref: string;
}
/** A change of it. */
interface Change {
	condition: VersionCondition;
	by: Doer;
}
interface PageQuery {
	limit: number;
	cursor?: string | undefined;
}

interface DownloadedVersion {
	name: string;
	version: number;
	/** When it was published. */
	at: number;
}

/** A dataset's source as it is asked for. */
export type WantedSource = { folder: string } | { directory: string } | { link: string } | { empty: true };

const WALK_PAGE = 1_000;
const placeSchema = z.string().max(4096);
const folderPlaceSchema = z.strictObject({ path: placeSchema, isAt: z.boolean() });

/** Published trees of files: who may see them, what is in them, how they come and go. Whoever may change one is the door's to ask. */
export class Datasets {
	readonly #ledger: Ledger;
	readonly #publisher: Publisher;
	readonly #roots: readonly string[];
	readonly #contents: Pick<LinkedContents, 'checkRoots'>;

	constructor(options: {
		ledger: Ledger;
		publisher: Publisher;
		roots: readonly string[];
		contents: Pick<LinkedContents, 'checkRoots'>;
	}) {
		this.#ledger = options.ledger;
		this.#publisher = options.publisher;
		this.#roots = options.roots;
		this.#contents = options.contents;
	}

	async list(readerSeq: number, { limit, cursor }: PageQuery) {
		const after = readCursor(cursor, placeSchema) ?? '';
		const rows = await this.#ledger.read(listDatasets, { readerSeq, after, limit: limit + 1 });
		return pageOf(rows, limit, (row) => writeCursor(row.name), datasetView);
	}

	/** With its owner, for who may change it. */
	row(asked: Asked): Promise<DatasetRow> {
		return this.#ledger.read(readDataset, asked);
	}

	async read(asked: Asked): Promise<DatasetView> {
		return datasetView(await this.row(asked));
	}

	/** From a folder of the owner's, or of this machine; its first version is published some time later. */
	async create(
		ownerSeq: number,
		dataset: { name: string; about: DatasetAbout; from: WantedSource },
		by: Doer,
	): Promise<DatasetView> {
		const { name, about, from } = dataset;
		const source = 'empty' in from ? null : await this.#source(from, ownerSeq);
		const now = Date.now();
		const root = source && 'link' in source ? { root: source.link } : {};
		const args = { id: newId('dataset', now), ownerSeq, name, about, source, ...root, readerSeq: ownerSeq, by, now };
		const row = await this.#ledger.write(createDataset, args);
		this.#publisher.kick();
		return datasetView(row);
	}

	async change(asked: Asked, change: DatasetChange, { condition, by }: Change): Promise<DatasetView> {
		return datasetView(await this.#ledger.write(changeDataset, { ...asked, change, condition, by, now: Date.now() }));
	}

	/** The next version, as that folder is when it is read. */
	async publish(
		asked: Asked,
		version: { from: Exclude<WantedSource, { empty: true }>; note: string },
		{ condition, by }: Change,
	): Promise<DatasetView> {
		const source = await this.#source(version.from, asked.readerSeq);
		const args = { ...asked, source, note: version.note, condition, by, now: Date.now() };
		const row = await this.#ledger.write(publishDataset, args);
		this.#publisher.kick();
		return datasetView(row);
	}

	async versions(asked: Asked, { limit, cursor }: PageQuery) {
		const before = readSeqCursor(cursor);
		const rows = await this.#ledger.read(listDatasetVersions, { ...asked, before, limit: limit + 1 });
		const view = (row: (typeof rows)[number]): DatasetVersionView => ({ ...row, at: new Date(row.at).toISOString() });
		return pageOf(rows, limit, (row) => writeSeqCursor(row.version), view);
	}

	async entries(
		asked: Asked,
		query: PageQuery & { version?: number | undefined; under?: string | undefined },
	): Promise<{ items: DatasetEntry[]; nextCursor: string | null }> {
		const { limit, cursor, version = null, under } = query;
		const after = readCursor(cursor, placeSchema);
		const folder = under === undefined ? '' : entryPath(under);
		const args = { ...asked, version, under: folder === '' ? null : folder, after, limit: limit + 1 };
		const rows = await this.#ledger.read(listEntries, args);
		return pageOf(
			rows,
			limit,
			(entry) => writeCursor(entry.path),
			(entry) => entry,
		);
	}

	/** What lies in a folder itself. */
	async folder(
		asked: Asked,
		query: PageQuery & { version?: number | undefined; folder?: string | undefined },
	): Promise<{ items: DatasetItem[]; nextCursor: string | null }> {
		const { limit, cursor, version = null, folder = '' } = query;
		const from = readCursor(cursor, folderPlaceSchema);
		const args = { ...asked, version, folder: entryPath(folder), from, limit };
		const { items, next } = await this.#ledger.read(listDatasetFolder, args);
		return { items, nextCursor: next === null ? null : writeCursor(next) };
	}

	/** A file of a version; null when there is none of that path. Throws `licence-not-accepted`. */
	content(asked: Asked, names: readonly string[], version: number | null): Promise<DatasetEntry | null> {
		return this.#ledger.read(findDatasetContent, { ...asked, version, path: names.join('/') });
	}

	/**
	 * A version that may be downloaded as a whole, and its files as an archive lists them. Throws `licence-not-accepted`, and
	 * `content-changed` while a file of it is known to be another one: what breaks off half-way helps nobody.
	 */
	async download(asked: Asked, version: number | null, under: string | null) {
		const { id, changedPath, ...found } = await this.#ledger.read(findDatasetVersion, { ...asked, version });
		if (changedPath !== null) {
			const message = `${changedPath} of the dataset ${found.name} was changed in its directory. Ask its owner to publish it again; other files can be downloaded one by one.`;
			throw new CodedError('content-changed', message);
		}
		// By its id: another one may get its name meanwhile.
		const of = { readerSeq: asked.readerSeq, ref: id };
		// Whoever looks at them first and takes them then takes the same.
		const walk = () => this.#walk(of, found, under === null ? '' : entryPath(under));
		return { ...found, steps: { [Symbol.asyncIterator]: walk } };
	}

	async *#walk(asked: Asked, { name, version, at }: DownloadedVersion, under: string): AsyncGenerator<ArchiveStep> {
		const folders = new FoldersOnTheWay();
		const base = under === '' ? 0 : under.length + 1;
		const of = { ...asked, version, under: under === '' ? null : under, limit: WALK_PAGE };
		for (let after: string | null = null, isOver = false; !isOver; ) {
			const page: DatasetEntry[] = await this.#ledger.read(listEntries, { ...of, after });
			isOver = page.length < WALK_PAGE;
			if (page.length === 0 && after === null && base > 0) {
				throw new CodedError('not-found', `The dataset ${name} has nothing below ${under} in version ${version}.`);
			}
			for (const { path, sha256, size } of page) {
				const cut = path.lastIndexOf('/');
				const folder = path.slice(base, Math.max(cut, base));
				yield* folders.to(folder);
				yield { folder, file: { name: path.slice(cut + 1), sha256, size, modifiedAt: at } };
				after = path;
			}
		}
	}

	async accept(asked: Asked, licenceVersion: number, by: Doer): Promise<DatasetView> {
		return datasetView(await this.#ledger.write(acceptLicence, { ...asked, licenceVersion, by, now: Date.now() }));
	}

	grants(asked: Asked): Promise<DatasetShares> {
		return this.#ledger.read(readGrants, asked);
	}

	async share(
		asked: Asked,
		grants: DatasetGrants,
		options: Change & { mayShareWidely: boolean },
	): Promise<DatasetShares> {
		await this.#ledger.write(writeGrants, { ...asked, grants, ...options, now: Date.now() });
		return this.grants(asked);
	}

	/** Takes it away; its content goes when no open task reads it. */
	async retire(asked: Asked, options: Change & { force: boolean }): Promise<void> {
		await this.#ledger.write(retireDataset, { ...asked, ...options, now: Date.now() });
		await this.removeRetired();
	}

	/**
	 * Removes what is left of retired ones that nothing reads any more, goes on with versions that wait, and looks whether
	 * linked directories are there.
	 */
	async tidy(): Promise<void> {
		this.#publisher.kick();
		await this.#contents.checkRoots();
		await this.removeRetired();
	}

	async removeRetired(): Promise<void> {
		for (const seq of await this.#ledger.read(findRemovable, null)) {
			while (!(await this.#ledger.write(removeRetired, seq)));
		}
	}

	async #source(from: Exclude<WantedSource, { empty: true }>, ownerSeq: number): Promise<PublicationSource> {
		if ('link' in from) return { link: await requireBelowRoots(from.link, this.#roots) };
		if ('directory' in from) return { directory: await requireBelowRoots(from.directory, this.#roots) };
		return { folder: formatPath(parsePath(from.folder)), ownerSeq };
	}
}

/** As entries are named: without a slash at either end. */
const entryPath = (text: string): string => parsePath(`/${text.replace(/^\/|\/$/g, '')}`).join('/');

const pageOf = <Row, Item>(
	rows: readonly Row[],
	limit: number,
	cursorOf: (row: Row) => string,
	view: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null } => {
	const items = rows.slice(0, limit);
	const last = items.at(-1);
	return { items: items.map(view), nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
};
