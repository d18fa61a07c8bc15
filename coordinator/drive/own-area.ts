import type { FileTask } from '../../shared/protocol/file.ts';
import type { Ledger } from '../database/ledger.ts';
import { type Area, LIST_PAGE } from './area.ts';
import { findOwn, listOwn, type OwnPage, type OwnRow, readSince } from './own-store.ts';
import type { Asker } from './place.ts';
import { type DriveResource, plainFolder, type Wants } from './resource.ts';

/** The person's own tree, of which they may change everything. */
export class OwnArea implements Area {
	readonly #ledger: Ledger;

	constructor(options: { ledger: Ledger }) {
		this.#ledger = options.ledger;
	}

	async find({ userSeq }: Asker, names: readonly string[], wants: Wants): Promise<DriveResource | null> {
		if (names.length === 0) return plainFolder('', await this.#ledger.read(readSince, { userSeq }), false);
		const tasks = wants.tasks === true;
		const row = await this.#ledger.read(findOwn, { ownerSeq: userSeq, names, tasks });
		return row && resourceOf(userSeq, row);
	}

	async *list({ userSeq }: Asker, names: readonly string[], wants: Wants): AsyncGenerator<DriveResource[]> {
		const asked = { ownerSeq: userSeq, limit: LIST_PAGE, tasks: wants.tasks === true };
		let page: OwnPage | null = await this.#ledger.read(listOwn, { ...asked, folder: names, after: null });
		while (page !== null && page.rows.length > 0) {
			yield page.rows.map((row) => resourceOf(userSeq, row));
			const last: OwnRow = page.rows.at(-1)!;
			if (page.rows.length < LIST_PAGE) return;
			// By its seq from now on: one that is renamed meanwhile is listed to its end.
			const after = { kind: last.kind, name: last.name };
			page = await this.#ledger.read(listOwn, { ...asked, folder: page.folder, after });
		}
	}
}

const resourceOf = (ownerSeq: number, row: OwnRow): DriveResource => {
	const { kind, seq, id, name, createdAt } = row;
	const common = { kind, name, entry: { kind, seq, id }, isReadOnly: false, createdAt };
	if (row.kind === 'folder') return { ...common, modifiedAt: createdAt, file: null };
	const { version, modifiedAt, size, sha256, md5, mediaType, tasks } = row;
	return {
		...common,
		modifiedAt,
		file: {
			version: { ownerSeq, fileId: id, version },
			...{ size, sha256, md5, mediaType },
			tasks: tasks === undefined || tasks.length === 0 ? null : wordsOf(tasks),
			content: 'stored',
		},
	};
};

const wordsOf = (tasks: readonly FileTask[]): string => tasks.map(({ type, state }) => `${type}: ${state}`).join(', ');
