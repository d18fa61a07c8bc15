import type { Ledger } from '../database/ledger.ts';
import type { Condition } from '../files/condition.ts';
import type { ContentReader } from '../files/content-reader.ts';
import type { Files } from '../files/files.ts';
import type { Uploads } from '../jobs/uploads.ts';
import type { Area } from './area.ts';
import { Changes, type WantedTransfer } from './changes.ts';
import type { CopyOut } from './copy-out.ts';
import { Locks } from './locks.ts';
import type { Asker, Place } from './place.ts';
import { Properties } from './properties.ts';
import type { DriveEntry, DriveResource, Wants } from './resource.ts';
import { type TakenLock, type WantedContent, type WantedDriveLock, Writes } from './writes.ts';

type DriveFiles = Pick<Files, 'storageOf' | 'settler' | 'transfer' | 'removeAt' | 'makeFolderAt'>;

/** People's files and the datasets that they may read, as one tree of folders and files: what a network drive shows. */
export class Drive {
	readonly locks: Locks;
	readonly properties: Properties;
	/** The bytes of what is `stored`. */
	readonly contents: ContentReader;
	readonly #files: DriveFiles;
	readonly #changes: Changes;
	readonly #writes: Writes;
	readonly #areas: Readonly<Record<Place['area'], Area>>;

	constructor(options: {
		ledger: Ledger;
		files: DriveFiles;
		contents: ContentReader;
		areas: Readonly<Record<Place['area'], Area>>;
		copyOut: CopyOut;
		uploads: Pick<Uploads, 'receive'>;
	}) {
		const { files, copyOut, uploads } = options;
		this.locks = new Locks({ ...options, onReleased: () => files.settler.wake() });
		this.properties = new Properties(options);
		this.contents = options.contents;
		this.#files = files;
		this.#areas = options.areas;
		const find = this.find.bind(this);
		this.#changes = new Changes({ find, files, copyOut });
		this.#writes = new Writes({ find, uploads, locks: this.locks });
	}

	/** Null: nothing is there, or not for this person. */
	find(asker: Asker, place: Place, wants: Wants = {}): Promise<DriveResource | null> {
		return this.#areas[place.area].find(asker, namesOf(place), wants);
	}

	/** What lies in a folder itself, in pages; nothing of what is no folder. */
	list(asker: Asker, place: Place, wants: Wants = {}): AsyncGenerator<DriveResource[]> {
		return this.#areas[place.area].list(asker, namesOf(place), wants);
	}

	/** New content for a name. Throws `is-a-folder`, `conflict`, `forbidden`, `locked`, and what an upload throws. */
	write(asker: Asker, place: Place, content: WantedContent) {
		return this.#writes.write(asker, place, content);
	}

	/** Takes a lock; on a free name it makes an empty file. Throws `conflict`, `forbidden`, `locked`, `lock-limit`. */
	lock(asker: Asker, place: Place, wanted: WantedDriveLock): Promise<TakenLock> {
		return this.#writes.lock(asker, place, wanted);
	}

	/** The entry that keeps properties; a folder that is there for show only is made. Null: it takes none. */
	entryOf(asker: Asker, place: Place, tokens: string[]): Promise<DriveEntry | null> {
		return this.#changes.entryOf(asker, place, tokens);
	}

	/** Throws `name-taken`, `conflict`, `forbidden`, `locked`. */
	makeFolder(asker: Asker, place: Place, tokens: string[]): Promise<void> {
		return this.#changes.makeFolder(asker, place, tokens);
	}

	/** Into the trash. Throws `not-found`, `forbidden`, `locked`, `precondition-failed`. */
	remove(asker: Asker, place: Place, how: { tokens: string[]; condition: Condition; isDeep?: boolean }): Promise<void> {
		return this.#changes.remove(asker, place, how);
	}

	/** Throws `not-found`, `conflict`, `precondition-failed`, `forbidden`, `locked`, `quota-exceeded`. */
	transfer(asker: Asker, wanted: WantedTransfer): Promise<{ replaced: boolean }> {
		return this.#changes.transfer(asker, wanted);
	}

	/** What the person's files take, and how much more they may take; null is no limit. */
	async quota(userSeq: number): Promise<{ usedBytes: number; leftBytes: number | null }> {
		const { usedBytes, quotaBytes } = await this.#files.storageOf(userSeq);
		return { usedBytes, leftBytes: quotaBytes === null ? null : Math.max(0, quotaBytes - usedBytes) };
	}
}

const namesOf = (place: Place): readonly string[] => (place.area === 'top' ? [] : place.names);
