import type { Ledger } from '../database/ledger.ts';
import type { ContentReader } from '../files/content-reader.ts';
import type { Files } from '../files/files.ts';
import type { Area } from './area.ts';
import { Locks } from './locks.ts';
import type { Asker, Place } from './place.ts';
import { Properties } from './properties.ts';
import type { DriveResource, Wants } from './resource.ts';

type DriveFiles = Pick<Files, 'storageOf' | 'settler'>;

/** People's files and the datasets that they may read, as one tree of folders and files: what a network drive shows. */
export class Drive {
	readonly locks: Locks;
	readonly properties: Properties;
	/** The bytes of what is `stored`. */
	readonly contents: ContentReader;
	readonly #files: DriveFiles;
	readonly #areas: Readonly<Record<Place['area'], Area>>;

	constructor(options: {
		ledger: Ledger;
		files: DriveFiles;
		contents: ContentReader;
		areas: Readonly<Record<Place['area'], Area>>;
	}) {
		const { files } = options;
		this.locks = new Locks({ ...options, onReleased: () => files.settler.wake() });
		this.properties = new Properties(options);
		this.contents = options.contents;
		this.#files = files;
		this.#areas = options.areas;
	}

	/** Null: nothing is there, or not for this person. */
	find(asker: Asker, place: Place, wants: Wants = {}): Promise<DriveResource | null> {
		return this.#areas[place.area].find(asker, namesOf(place), wants);
	}

	/** What lies in a folder itself, in pages; nothing of what is no folder. */
	list(asker: Asker, place: Place, wants: Wants = {}): AsyncGenerator<DriveResource[]> {
		return this.#areas[place.area].list(asker, namesOf(place), wants);
	}

	/** What the person's files take, and how much more they may take; null is no limit. */
	async quota(userSeq: number): Promise<{ usedBytes: number; leftBytes: number | null }> {
		const { usedBytes, quotaBytes } = await this.#files.storageOf(userSeq);
		return { usedBytes, leftBytes: quotaBytes === null ? null : Math.max(0, quotaBytes - usedBytes) };
	}
}

const namesOf = (place: Place): readonly string[] => (place.area === 'top' ? [] : place.names);
