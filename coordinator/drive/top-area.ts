import type { Ledger } from '../database/ledger.ts';
import type { Area } from './area.ts';
import { readSince } from './own-store.ts';
import { AREAS, type Asker } from './place.ts';
import { type DriveResource, plainFolder } from './resource.ts';

/** What a person sees who opens the drive itself: its areas. */
export class TopArea implements Area {
	readonly #ledger: Ledger;

	constructor(options: { ledger: Ledger }) {
		this.#ledger = options.ledger;
	}

	async find({ userSeq }: Asker): Promise<DriveResource> {
		return plainFolder('', await this.#ledger.read(readSince, { userSeq }), true);
	}

	async *list({ userSeq }: Asker): AsyncGenerator<DriveResource[]> {
		const at = await this.#ledger.read(readSince, { userSeq });
		yield Object.entries(AREAS).map(([name, { isOwn }]) => plainFolder(name, at, !isOwn));
	}
}
