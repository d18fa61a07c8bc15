import type { DatasetEntry } from '../../shared/protocol/dataset.ts';
import type { Ledger } from '../database/ledger.ts';
import { listDatasets } from '../datasets/access-store.ts';
import type { DatasetRow } from '../datasets/dataset-row.ts';
import { type FolderPlace, listDatasetFolder } from '../datasets/entry-store.ts';
import { findDatasetPlace } from '../datasets/place-store.ts';
import { type Area, LIST_PAGE } from './area.ts';
import { readSince } from './own-store.ts';
import type { Asker } from './place.ts';
import { type DriveResource, plainFolder, type Wants } from './resource.ts';

/** The newest version of every dataset that the person may read; nobody changes anything there. */
export class DatasetArea implements Area {
	readonly #ledger: Ledger;

	constructor(options: { ledger: Ledger }) {
		this.#ledger = options.ledger;
	}

	async find({ userSeq }: Asker, names: readonly string[], wants: Wants): Promise<DriveResource | null> {
		const [name, ...within] = names;
		if (name === undefined) return plainFolder('', await this.#ledger.read(readSince, { userSeq }), true);
		const asked = { readerSeq: userSeq, name, path: within.join('/'), isToRead: wants.content === true };
		const found = await this.#ledger.read(findDatasetPlace, asked);
		if (!found) return null;
		const { createdAt, publishedAt, entry } = found;
		if (entry) return fileOf(names.at(-1)!, entry, publishedAt);
		return { ...plainFolder(names.at(-1)!, publishedAt, true), createdAt };
	}

	async *list(asker: Asker, names: readonly string[]): AsyncGenerator<DriveResource[]> {
		const [name, ...within] = names;
		if (name === undefined) yield* this.#listTop(asker);
		else yield* this.#listFolder(asker, name, within.join('/'));
	}

	async *#listTop({ userSeq }: Asker): AsyncGenerator<DriveResource[]> {
		for (let after: string | undefined = ''; after !== undefined; ) {
			const query = { readerSeq: userSeq, after, limit: LIST_PAGE };
			const rows: DatasetRow[] = await this.#ledger.read(listDatasets, query);
			if (rows.length > 0) {
				yield rows.map(({ name, createdAt, updatedAt }) => ({ ...plainFolder(name, updatedAt, true), createdAt }));
			}
			after = rows.length < LIST_PAGE ? undefined : rows.at(-1)?.name;
		}
	}

	async *#listFolder(asker: Asker, name: string, folder: string): AsyncGenerator<DriveResource[]> {
		const at = await this.find(asker, folder === '' ? [name] : [name, ...folder.split('/')], {});
		if (at === null || at.kind === 'file') return;
		const asked = { readerSeq: asker.userSeq, ref: name, version: null, folder, limit: LIST_PAGE };
		for (let from: FolderPlace | null = null, isOver = false; !isOver; ) {
			const page: ListedFolder = await this.#ledger.read(listDatasetFolder, { ...asked, from });
			if (page.items.length > 0) {
				yield page.items.map((item) => {
					if (item.kind === 'folder') return plainFolder(item.name, at.modifiedAt, true);
					return fileOf(item.name, item, page.times.get(item.addedIn) ?? at.modifiedAt);
				});
			}
			from = page.next;
			isOver = from === null;
		}
	}
}

type ListedFolder = ReturnType<ReturnType<typeof listDatasetFolder.prepare>>;

const fileOf = (name: string, { size, sha256, mediaType }: DatasetEntry, at: number): DriveResource => ({
	...{ kind: 'file', name, entry: null, isReadOnly: true, createdAt: at, modifiedAt: at },
	file: { version: null, size, sha256, md5: null, mediaType, tasks: null, content: 'stored' },
});
